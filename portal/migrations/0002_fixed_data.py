"""The group's own row, the regions, countries and topics of portal/data. All of it can be edited afterwards."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"
REGIONS = {
    "africa": ("Africa", "Afrique", "África"),
    "meso-south-america": ("Meso and South America", "Méso-Amérique et Amérique du Sud", "Mesoamérica y América del Sur"),
    "north-america-caribbean": ("North America and the Caribbean", "Amérique du Nord et Caraïbes", "América del Norte y el Caribe"),
    "south-east-asia": ("South and East Asia", "Asie du Sud et de l’Est", "Asia Meridional y Oriental"),
    "west-asia": ("West Asia", "Asie de l’Ouest", "Asia Occidental"),
    "oceania": ("Oceania", "Océanie", "Oceanía"),
    "east-europe-north-central-asia": (
        "East Europe, North and Central Asia",
        "Europe de l’Est, Asie du Nord et centrale",
        "Europa Oriental, Asia Septentrional y Central",
    ),
    "west-europe": ("West Europe", "Europe de l’Ouest", "Europa Occidental"),
}


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def names(row):
    return {f"name_{code}": row[f"name_{code}"] for code in ("en", "fr", "es")}


def fill(apps, schema_editor):
    model = lambda name: apps.get_model("portal", name)  # noqa: E731
    model("SpecialtyGroup").objects.create(
        pk=1,
        name_en="Specialty Group on Learning and Leadership",
        name_fr="Groupe de spécialistes sur l’apprentissage et le leadership",
        name_es="Grupo de especialistas en aprendizaje y liderazgo",
        short_name_en="Learning & Leadership",
        short_name_fr="Apprendre & diriger",
        short_name_es="Aprendizaje y liderazgo",
        parent_en="Specialty Group, IUCN CEC",
        parent_fr="Groupe de spécialistes, CEC de l’UICN",
        parent_es="Grupo de especialistas, CEC de la UICN",
        tag="iucncec",
        sender_name="Learning & Leadership",
        sender_address="portal@example.org",
        languages=["en", "fr", "es"],
    )
    regions = {
        slug: model("Region").objects.create(slug=slug, name_en=en, name_fr=fr, name_es=es)
        for slug, (en, fr, es) in REGIONS.items()
    }
    zones = {row["alpha2"]: row["zone"] for row in rows("country_zones.csv")}
    model("Country").objects.bulk_create(
        model("Country")(
            code=row["alpha2"], region=regions[row["iucn_region"]], zone=zones[row["alpha2"]], **names(row)
        )
        for row in rows("countries.csv")
    )
    model("Topic").objects.bulk_create(
        model("Topic")(
            slug=row["slug"],
            kind=row["group"],
            synonyms=[word for word in row["synonyms"].split("|") if word],
            description_en=row["description_en"],
            **names(row),
        )
        for row in rows("topics.csv")
    )


def empty(apps, schema_editor):
    for name in ("Topic", "Country", "Region", "SpecialtyGroup"):
        apps.get_model("portal", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]
    operations = [migrations.RunPython(fill, empty)]
