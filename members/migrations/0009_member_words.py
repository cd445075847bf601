import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from members.directory.words import Joined, Plain, WordForms


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0008_circular_has_no_prospects"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="words",
            field=models.GeneratedField(
                db_persist=True,
                expression=Joined(WordForms("headline", "A"), WordForms("city", "B"), WordForms("bio", "C")),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="member_words"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(Plain("headline", "city"), "gin_trgm_ops"),
                name="member_letters",
            ),
        ),
    ]
