"""What scripts/bench.py has done inside the portal whose settings it gives: a drive, its floor, a welcome mail."""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

from django.core.mail import EmailMultiAlternatives, get_connection  # noqa: E402 - Django must be set up

from members.packages.models import Package, PackageText  # noqa: E402
from members.recruitment import audience, services  # noqa: E402
from members.recruitment.audience import Person  # noqa: E402
from members.recruitment.models import Drive, Step  # noqa: E402
from portal.group.models import SpecialtyGroup  # noqa: E402
from portal.outbox import services as outbox  # noqa: E402
from portal.users.models import User  # noqa: E402

TEXT = "Dear {name},\n\n" + "We are people who share what they learn about learning.\n\n" * 10 + "{link}\n\n{inviter}"


def floor(number: int) -> float:
    """Mails a second over one open connection of Django's own SMTP backend; the mails are those of a drive."""
    drive = _drive(f"floor {time.monotonic()}", 1)
    mail = services.preview(drive.steps.get(), drive.invitations.get())
    connection = get_connection("django.core.mail.backends.smtp.EmailBackend")
    connection.open()
    began = time.monotonic()
    for place in range(number):
        message = EmailMultiAlternatives(mail.subject, mail.text, mail.sender, [f"floor{place}@example.org"])
        message.attach_alternative(mail.html, "text/html")
        connection.send_messages([message])
    took = time.monotonic() - began
    connection.close()
    return number / took


def start(number: int) -> float:
    """Begin a drive to so many people. Returns the moment of the machine's monotonic clock."""
    drive = _drive(f"drive {time.monotonic()}", number)
    began = time.monotonic()
    services.start(drive, by=_coordinator())
    return began


def welcome(number: int) -> float:
    """Write one mail to one person. Returns the moment of the machine's monotonic clock."""
    address = f"welcome{number}@example.net"
    ada = User.objects.filter(email=address).first() or User.objects.create_user(address, name="Ada Obi")
    began = time.monotonic()
    outbox.write(ada, "members/email/welcome", {"link": "https://example.org/"}, kind="welcome")
    return began


def _drive(name: str, number: int) -> Drive:
    SpecialtyGroup.objects.update(postal_address="Rue Mauverney 28, Gland")
    package = Package.objects.create(name=name)
    PackageText.objects.create(package=package, language="en", title="Who we are", body="<p>People who learn.</p>")
    drive = Drive.objects.create(name=name, package=package)
    Step.objects.create(drive=drive, subject_en="{name}, learn with us", body_en=TEXT)
    people = [Person(f"{name.replace(' ', '')}.{place}@example.org", f"Ada Obi {place}") for place in range(number)]
    audience.add_people(drive, people, source="a measurement", basis="interest")
    return drive


def _coordinator() -> User:
    found = User.objects.filter(email="bench@example.net").first()
    return found or User.objects.create_user("bench@example.net", name="Bench", is_staff=True)


if __name__ == "__main__":
    words = {"floor": floor, "start": start, "welcome": welcome}
    answer = words[sys.argv[1]](*(int(one) for one in sys.argv[2:]))
    sys.stdout.write(f"{answer}\n")
