from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0014_listings_at_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="writingban",
            name="is_hold",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="reported, and left before it was decided"
            ),
        ),
    ]
