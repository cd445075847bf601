"""What contacts and mails of before know now: hash and key of an address, domain and lane of a mail."""

from django.db import migrations
from django.db.models import CharField, F, Func, Value

from portal.contacts.models import fingerprint_of, new_key


def fill(apps, schema_editor):
    Contact = apps.get_model("portal", "Contact")
    for contact in Contact.objects.filter(fingerprint=None).iterator():
        contact.fingerprint, contact.key = fingerprint_of(contact.address), new_key()
        contact.save(update_fields=["fingerprint", "key"])
    mails = apps.get_model("portal", "OutgoingMail").objects
    domain = Func(F("contact__address"), Value("@"), Value(-1), function="split_part", output_field=CharField())
    for mail in mails.filter(domain="").annotate(found=domain).only("pk").iterator():
        mails.filter(pk=mail.pk).update(domain=mail.found)
    mails.filter(is_secret=True).update(lane=1)
    mails.filter(status="sending").update(status="unknown")


def keep(apps, schema_editor):
    """Going back, unknown mails are failed ones again."""
    apps.get_model("portal", "OutgoingMail").objects.filter(status="unknown").update(status="failed")


class Migration(migrations.Migration):
    dependencies = [("portal", "0003_outbox_lanes_and_preferences")]
    operations = [migrations.RunPython(fill, keep)]
