from django.contrib import admin
from django.http import HttpRequest

from portal.contacts.models import Contact
from portal.desk.admin import DeskAdmin


@admin.register(Contact)
class ContactAdmin(DeskAdmin):
    list_display = ["address", "user", "basis", "source", "created_at"]
    list_select_related = ["user"]
    list_filter = ["basis"]
    search_fields = ["address", "user__name"]
    readonly_fields = ["address", "user", "basis", "source", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        return False
