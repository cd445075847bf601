from allauth.mfa import admin as _second_factors  # noqa: F401 - imported so that it is there to be taken out
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth import admin as _auth  # noqa: F401 - the same
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.desk.admin import DeskAdmin
from portal.users.models import User

admin.site.unregister([Group, Authenticator])


@admin.register(User)
class UserAdmin(DeskAdmin):
    """Accounts. Who may enter the desk is not edited here: rights are given by a service, never by a tick."""

    list_display = ["name", "email", "language", "is_active", "is_staff", "joined_at"]
    list_filter = ["is_active", "is_staff", "language"]
    search_fields = ["name", "email", "sort_key"]
    ordering = ["sort_key"]
    fields = ["name", "email", "language", "is_active", "is_staff", "joined_at", "last_login"]
    readonly_fields = ["email", "is_active", "is_staff", "joined_at", "last_login"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


admin.site.site_header = _("The desk")
