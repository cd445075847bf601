import django.contrib.postgres.fields
import django.core.validators
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0002_fixed_data'),
    ]

    operations = [
        migrations.CreateModel(
            name='OptOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(editable=False, max_length=64, unique=True)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None, verbose_name='kinds of mail')),
                ('source', models.CharField(choices=[('page', 'the preferences page'), ('one_click', 'a button of the mail program'), ('complaint', 'reported as spam'), ('person', 'told a coordinator')], max_length=10, verbose_name='how we know')),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
            ],
            options={
                'verbose_name': 'opt-out',
                'verbose_name_plural': 'opt-outs',
            },
        ),
        migrations.RemoveConstraint(
            model_name='outgoingmail',
            name='outgoingmail_sending_was_taken',
        ),
        migrations.RemoveIndex(
            model_name='outgoingmail',
            name='outgoingmail_due',
        ),
        migrations.AddField(
            model_name='contact',
            name='bounce',
            field=models.CharField(blank=True, max_length=500, verbose_name='what the mail server said'),
        ),
        migrations.AddField(
            model_name='contact',
            name='bounced_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='mails come back since'),
        ),
        migrations.AddField(
            model_name='contact',
            name='fingerprint',
            field=models.CharField(editable=False, max_length=64, null=True),
        ),
        migrations.AddField(
            model_name='contact',
            name='key',
            field=models.CharField(editable=False, max_length=30, null=True),
        ),
        migrations.AddField(
            model_name='historicalspecialtygroup',
            name='weekly_cap',
            field=models.PositiveSmallIntegerField(default=2, help_text='Counts invitations, circulars and digests together. Answers, decisions and sign-in always leave.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(7)], verbose_name='mails to many, at most so many a week to one person'),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='bounced_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='came back'),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='domain',
            field=models.CharField(default='', editable=False, max_length=255, verbose_name='mail domain'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='lane',
            field=models.PositiveSmallIntegerField(choices=[(1, 'account'), (2, 'personal'), (3, 'to many')], default=2, verbose_name='lane'),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='lease',
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='leased_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='specialtygroup',
            name='weekly_cap',
            field=models.PositiveSmallIntegerField(default=2, help_text='Counts invitations, circulars and digests together. Answers, decisions and sign-in always leave.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(7)], verbose_name='mails to many, at most so many a week to one person'),
        ),
        migrations.AlterField(
            model_name='outgoingmail',
            name='error',
            field=models.CharField(blank=True, max_length=500, verbose_name='why it did not leave'),
        ),
        migrations.AlterField(
            model_name='outgoingmail',
            name='status',
            field=models.CharField(choices=[('queued', 'queued'), ('held', 'held back'), ('leased', 'with a worker'), ('sending', 'sending'), ('sent', 'sent'), ('failed', 'failed'), ('suppressed', 'not sent'), ('unknown', 'nobody knows')], default='queued', max_length=10, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(condition=models.Q(('status', 'queued')), fields=['lane', 'send_after'], name='outgoingmail_due'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(fields=['taken_at', 'domain'], name='outgoingmail_taken'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(condition=models.Q(('status__in', ['leased', 'sending'])), fields=['lease'], name='outgoingmail_with_worker'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(condition=models.Q(('lane', 3)), fields=['contact', 'taken_at'], name='outgoingmail_cap'),
        ),
    ]
