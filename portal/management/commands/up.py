"""manage.py up: everything the portal needs, in one terminal."""

from argparse import ArgumentParser
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from portal import preparation
from portal.embedded import ServiceError, places, stack
from portal.embedded.broker import Broker
from portal.embedded.database import Database
from portal.embedded.lock import DataLock
from portal.embedded.supervisor import Supervisor
from portal.environment import Environment


class Command(BaseCommand):
    help = "Run the portal: database and broker (where their URLs are unset), web server, worker and beat."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dev", action="store_true", help="serve with a server that reads changed code again")

    def handle(self, *args: Any, dev: bool, **options: Any) -> None:
        environment: Environment = settings.ENVIRONMENT
        try:
            self.run(environment, dev=dev)
        except ServiceError as error:
            raise CommandError(str(error)) from None

    def run(self, environment: Environment, *, dev: bool) -> None:
        with ExitStack() as held:
            lock = held.enter_context(DataLock(environment.data_dir))
            stack.check_port(environment, is_inherited=lock.is_inherited)
            supervisor = held.enter_context(Supervisor())
            if environment.database_embedded:
                supervisor.start_service(Database(environment.data_dir))
            if environment.redis_embedded:
                supervisor.start_service(Broker(environment.data_dir))
            self.prepare(environment)
            for program in self.programs(environment, dev=dev):
                supervisor.start(program)
            supervisor.watch(
                ready=lambda: stack.is_serving(environment),
                announce=lambda: self.announce(environment),
            )

    def announce(self, environment: Environment) -> None:
        self.stdout.write(f"The portal is at {environment.base_url}/ (Ctrl-C stops it)")
        self.stdout.flush()  # at once, also where the output goes to a file

    def programs(self, environment: Environment, *, dev: bool) -> list[Any]:
        web = stack.dev_web(environment) if dev else stack.web(environment)
        return [web, stack.worker(environment), stack.beat()]

    def prepare(self, environment: Environment) -> None:
        for private in (settings.PRIVATE_ROOT, settings.MAILBOX_DIR):
            places.own_folder(private)
        if preparation.migrate():
            self.stdout.write("The database is up to date.")
        if not environment.debug:
            preparation.collect_static()
        if environment.demo:
            call_command("demo", "--once")
        connections.close_all()
