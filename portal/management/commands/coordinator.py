"""manage.py coordinator: the first coordinator, who can then do everything else at the desk."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from portal.users import services
from portal.users.models import User

DAY = 60 * 60 * 24  # seconds


class Command(BaseCommand):
    help = "Make the person with this e-mail address a coordinator; where there is no account, one is made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address they sign in with")
        parser.add_argument("--name", default="", help="the name of a new account; without it, made from the address")

        parser.add_argument("--dismiss", action="store_true", help="take the right back: the work was handed over")

    def handle(self, *args: Any, email: str, name: str, dismiss: bool, **options: Any) -> None:
        if dismiss:
            self._dismiss(email)
            return
        try:
            with transaction.atomic():
                user = services.appoint_coordinator(services.account_for(email, name=name))
        except services.AppointmentError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{user.name} <{user.email}> is a coordinator. The desk is at {_desk()}")
        if user.has_usable_password():
            self.stdout.write("They sign in with the password they have.")
            return
        days = settings.PASSWORD_RESET_TIMEOUT // DAY
        self.stdout.write(f"They set their password here, once, within {days} days:\n{services.password_link(user)}")

    def _dismiss(self, email: str) -> None:
        user = User.objects.filter(email__iexact=email.strip()).first()
        if user is None:
            raise CommandError(f"There is no account with the address {email}.")
        try:
            services.dismiss_coordinator(user)
        except services.AppointmentError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{user.name} <{user.email}> does not enter the desk any more. Account and profile stay.")


def _desk() -> str:
    return settings.BASE_URL + reverse("admin:index")
