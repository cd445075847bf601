"""Staff groups and their rights, given anew after every migration from what apps registered."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from portal import registry
from portal.users.models import COORDINATORS, EDITORS, MODERATORS


@transaction.atomic
def grant() -> None:
    """Make the staff groups hold exactly the registered rights; rights given by hand to these groups are taken back."""
    for name in (COORDINATORS, MODERATORS, EDITORS):
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(_permissions(name))


def _permissions(name: str) -> list[Permission]:
    found = []
    for right in registry.grants:
        if right.group != name:
            continue
        kind = ContentType.objects.get_by_natural_key(right.app_label, right.model)
        for verb in right.verbs:
            permission, _created = Permission.objects.get_or_create(
                content_type=kind,
                codename=f"{verb}_{right.model}",
                defaults={"name": f"Can {verb} {right.model}"},
            )
            found.append(permission)
    return found


def grant_after_migrate(**kwargs: Any) -> None:
    """Runs after the last app's migrations, when every content type can exist."""
    apps = kwargs["apps"]
    last = [config.label for config in apps.get_app_configs()][-1]
    if kwargs["app_config"].label == last and kwargs.get("using") == "default":
        ContentType.objects.clear_cache()
        for right in registry.grants:
            ContentType.objects.get_or_create(app_label=right.app_label, model=right.model)
        grant()
