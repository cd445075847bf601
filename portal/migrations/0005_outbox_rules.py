from django.db import migrations, models

import portal.contacts.models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0004_fill_contacts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='contact',
            name='fingerprint',
            field=models.CharField(editable=False, max_length=64, unique=True),
        ),
        migrations.AlterField(
            model_name='contact',
            name='key',
            field=models.CharField(default=portal.contacts.models.new_key, editable=False, max_length=30, unique=True),
        ),
        migrations.AddConstraint(
            model_name='outgoingmail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['leased', 'sending']), _negated=True), models.Q(('lease__isnull', False), ('leased_until__isnull', False), ('taken_at__isnull', False)), _connector='OR'), name='outgoingmail_taken_has_lease'),
        ),
    ]
