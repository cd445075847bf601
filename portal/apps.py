from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("The group and its portal")

    def ready(self) -> None:
        from portal.users import roles  # models are loaded only now

        post_migrate.connect(roles.grant_after_migrate, dispatch_uid="portal.users.roles")
