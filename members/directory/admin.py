from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from members.directory.models import Member
from portal.desk.admin import HistoryAdmin


@admin.register(Member)
class MemberAdmin(HistoryAdmin):
    """Members. A person becomes one by the approval of an application, so nobody is added here by hand."""

    list_display = ["name", "headline", "country", "visibility", "joined_on"]
    list_select_related = ["user", "country"]
    list_filter = ["visibility", "country__region", "languages"]
    search_fields = ["user__name", "user__sort_key", "user__email", "headline", "city"]
    autocomplete_fields = ["country", "topics"]
    fields = [
        "user", "headline", "bio", "topics", "languages", "city", "country", "portrait", "visibility", "joined_on",
    ]  # fmt: skip
    readonly_fields = ["user"]

    @admin.display(description=_("name"), ordering="user__sort_key")
    def name(self, member: Member) -> str:
        return str(member)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        return False
