"""A drive of the demo: people whom somebody met, what they are sent, and what some of them did with it."""

from datetime import datetime, timedelta
from pathlib import Path

from members.packages.models import Package, PackageText
from members.recruitment import answers, audience, colleagues, services, starters, writing
from members.recruitment.audience import Person
from members.recruitment.models import Drive, DriveMail, Invitation, Step
from portal.contacts.models import Contact
from portal.group.models import SpecialtyGroup
from portal.users.models import User

PAGES = Path(__file__).parent / "pages"
SOURCE = "the list of the workshop on learning in the field, Nairobi, with their consent"
MET = (
    ("Wanjiru Maathai-Kuria", "en"), ("Tomasz Zieliński", "en"), ("Rosa Quispe Mamani", "es"), ("Bao Nguyen", "en"),
    ("Éloïse Garneau", "fr"), ("Farid Haddad", "fr"), ("Lupe Tipene", "en"), ("Ignacio Belmonte", "es"),
    ("Hanna Sjöström", "en"), ("Kofi Agyeman", "en"), ("Mireille Tshibanda", "fr"), ("Sanjana Iyer", "en"),
    ("Paloma Ríos", "es"), ("Yusuf Demir", "en"), ("Alma Petrosyan", "en"), ("Noé Lafleur", "fr"),
)  # fmt: skip


def drive(*, by: User, now: datetime) -> Drive:
    """A drive that began three days ago; some have opened their page, and one said no."""
    began = now - timedelta(days=3)
    SpecialtyGroup.objects.filter(postal_address="").update(postal_address="Rue Mauverney 28\n1196 Gland\nSwitzerland")
    made = Drive.objects.create(name="Workshop in Nairobi", package=package(), takes_colleagues=True)
    Step.objects.bulk_create(starters.steps_for(made))
    people = [Person(_address(name), name, language) for name, language in MET]
    audience.add_people(made, people, source=SOURCE, basis=Contact.Basis.CONSENT)
    services.start(made, by=by, now=began)
    colleagues.invite(made, Person("sefo@example.org", "Sefo Leilua", "en"), by=by, now=began)
    writing.advance(now=began, seconds=60)
    DriveMail.objects.filter(step__drive=made).update(created_at=began)
    _answer(made, now=now)
    return made


def package() -> Package:
    """What prospects get to read, in three languages."""
    made = Package.objects.create(name="Learning together")
    for language in ("en", "fr", "es"):
        title, body = (PAGES / f"package.{language}.html").read_text(encoding="utf-8").split("\n", 1)
        PackageText.objects.create(package=made, language=language, title=title, body=body.strip())
    return made


def _answer(made: Drive, *, now: datetime) -> None:
    found = {one.name: one for one in Invitation.objects.filter(drive=made).select_related("contact")}
    for hours, (name, _language) in enumerate(MET[:9]):
        answers.open_page(found[name], now=now - timedelta(hours=70 - 7 * hours))
    answers.decline(found["Tomasz Zieliński"], now=now - timedelta(hours=60))


def _address(name: str) -> str:
    plain = "".join(sign for sign in name.lower().split()[0] if sign.isascii())
    return f"{plain}.met@example.org"
