from django.db import migrations, models


def forget_the_second(apps, schema_editor):
    """Backwards each person stands in a drive once."""
    apps.get_model("members", "Invitation").objects.filter(is_again=True).delete()
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the table could not be altered after


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0006_invitation_of_no_member"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="invitation",
            name="invitation_once_a_drive",
        ),
        migrations.AddField(
            model_name="invitation",
            name="is_again",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="excluded_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("opted_out", "does not want such mails"),
                    ("bounced", "mails come back"),
                    ("no_member", "is no member"),
                    ("member", "is or was a member"),
                    ("applied", "has applied already"),
                    ("invited", "was invited by another drive"),
                    ("again", "was in this drive already when a member invited them"),
                    ("capped", "had enough mails this week"),
                ],
                max_length=10,
                verbose_name="not written to",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_again", False)),
                fields=("drive", "contact"),
                name="invitation_once_a_drive",
                violation_error_message="This person is in the audience already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_again", False), ("excluded_because", "again"), _connector="OR"),
                name="invitation_again_is_not_written_to",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_the_second),
    ]
