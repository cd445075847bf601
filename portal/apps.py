from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from portal import registry

ALL, EDIT = ("view", "add", "change", "delete"), ("view", "change")
COORDINATORS_MAY = {
    "specialtygroup": EDIT,
    "page": ALL,
    "pagetext": ALL,
    "pagefile": ALL,
    "topic": ALL,
    "region": EDIT,
    "country": ("view", "add", "change"),
    "user": EDIT,
    "contact": EDIT,
    "outgoingmail": EDIT,
}


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("The group and its portal")

    def ready(self) -> None:
        from anymail.signals import tracking  # models are loaded only now

        from portal.outbox import hooks as outbox
        from portal.outbox import returns
        from portal.users import merging, roles

        for model, verbs in COORDINATORS_MAY.items():
            registry.grants.register(registry.Grant("Coordinators", "portal", model, verbs))
        registry.desk_items.register(outbox.desk_items, order=90)
        tracking.connect(returns.take_event, dispatch_uid="portal.outbox.returns")
        for rule in merging.RULES:
            registry.merge_rules.register(rule)
        post_migrate.connect(roles.grant_after_migrate, dispatch_uid="portal.users.roles")
