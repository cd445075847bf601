"""manage.py demo: a small portal full of people who do not exist, to look at and to try."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo import accounts, scenarios


class Command(BaseCommand):
    help = "Build the small demo, where DEMO=1 is set, and print its accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="build nothing where the demo is there already")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is built only with DEMO=1, since everybody may know its passwords.")
        if not accounts.are_there():
            self._build()
        elif once:
            accounts.admit()
        else:
            raise CommandError("The demo is here already. It is built once, in an empty portal.")
        self._print_accounts()

    def _build(self) -> None:
        try:
            scenarios.build()
        except scenarios.ScenarioError as error:
            raise CommandError(f"The demo does not fit into what is here already. {error}") from None
        self.stdout.write("The demo is built: people, events, coverage and pages, all of them made up or illustrative.")

    def _print_accounts(self) -> None:
        self.stdout.write(f"Demo accounts, all with the password {accounts.password()}")
        for address, role in accounts.ROLES.items():
            self.stdout.write(f"  {address:<26} {role}")
