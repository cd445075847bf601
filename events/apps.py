from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal import registry


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        from events.calendar import hooks as calendar  # models are loaded only now

        registry.home_panels.register(calendar.home_panel, order=10)
        registry.grants.register(registry.Grant("Coordinators", "events", "event", ("view", "add", "change", "delete")))
