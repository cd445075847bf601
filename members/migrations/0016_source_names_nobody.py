"""Where an address is from named the member who gave it. The invitation says who that was, as long as they are here."""

from django.db import migrations

# What was written until now, and is written from now on.
SAID = (
    ("invited by ", "invited by a member"),
    ("invitation de ", "invitation d’un membre"),
    ("invitación de ", "invitación de un miembro"),
)


def forget_names(apps, schema_editor):
    drives = apps.get_model("members", "Drive").objects.filter(takes_colleagues=True)
    contacts = apps.get_model("portal", "Contact").objects
    for before, after in SAID:
        found = contacts.filter(source__startswith=before, invitations__drive__in=drives)
        contacts.filter(pk__in=found.values("pk")).update(source=after)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0015_hold_outlives_account"),
        ("portal", "0008_copies_and_retention"),
    ]

    operations = [
        migrations.RunPython(forget_names, migrations.RunPython.noop),
    ]
