from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.directory import services
from members.directory.models import Member
from portal.desk.admin import HistoryAdmin


@admin.register(Member)
class MemberAdmin(HistoryAdmin):
    """Members. A person becomes one by the approval of an application, so nobody is added here by hand.

    Their portrait and who may see them stay their own decision: a portrait can only be taken away here.
    """

    list_display = ["name", "headline", "country", "status", "visibility", "joined_on"]
    list_select_related = ["user", "country"]
    list_filter = ["status", "visibility", "country__region", "languages"]
    search_fields = ["user__name", "user__sort_key", "user__email", "headline", "city"]
    autocomplete_fields = ["country", "topics"]
    fields = [
        "user", "headline", "bio", "topics", "languages", "city", "country", "picture", "visibility", "joined_on",
        "status", "leave_until", "left_at",
    ]  # fmt: skip
    readonly_fields = ["user", "picture", "visibility", "status", "leave_until", "left_at"]
    actions = ["remove_portrait"]
    kept = ("portrait", "visibility", "status", "leave_until", "left_at")

    @admin.display(description=_("name"), ordering="user__sort_key")
    def name(self, member: Member) -> str:
        return str(member)

    @admin.display(description=_("portrait"))
    def picture(self, member: Member) -> SafeString | str:
        if not member.portrait:
            return str(_("none"))
        return format_html('<img src="{}" alt="" width="160" height="160">', member.portrait_url)

    @admin.action(description=_("Remove the portrait"), permissions=["change"])
    def remove_portrait(self, request: HttpRequest, chosen: QuerySet[Member]) -> None:
        with_one = chosen.exclude(portrait="")
        for member in with_one:
            services.set_portrait(member, None)
            self.log_change(request, member, gettext("Remove the portrait"))
            messages.success(request, gettext("The portrait of %(name)s is removed.") % {"name": member})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        return False
