from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate
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
    "retentionrun": ("view",),
}


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("The group and its portal")

    def ready(self) -> None:
        from allauth.account.models import EmailAddress  # models are loaded only now
        from anymail.signals import tracking

        from portal.outbox import hooks as outbox
        from portal.outbox import returns
        from portal.personal import addresses
        from portal.users import merging, roles

        for model, verbs in COORDINATORS_MAY.items():
            registry.grants.register(registry.Grant("Coordinators", "portal", model, verbs))
        registry.desk_items.register(outbox.desk_items, order=90)
        tracking.connect(returns.take_event, dispatch_uid="portal.outbox.returns")
        post_delete.connect(addresses.address_deleted, sender=EmailAddress, dispatch_uid="portal.personal.addresses")
        for rule in merging.RULES:
            registry.merge_rules.register(rule)
        self._answer_for_people()
        post_migrate.connect(roles.grant_after_migrate, dispatch_uid="portal.users.roles")

    def _answer_for_people(self) -> None:
        """What the ground holds on a person, how it goes, and how long anything is kept."""
        from portal.outbox import retention as mails  # models are loaded only now
        from portal.personal import parts
        from portal.personal import retention as personal

        for part in parts.PARTS:
            registry.export_parts.register(part, order=10)
        for leave in parts.RULES:
            registry.leave_rules.register(leave, order=300)  # addresses go last: rooms tell by them whose a row is
        for merge in parts.MERGING:
            registry.merge_rules.register(merge)
        registry.consents.register(parts.consents, order=30)
        for rule in (*mails.RULES, *personal.RULES):
            registry.retention_rules.register(rule, order=50)
