from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.directory import services
from members.directory.models import Member
from members.membership import services as membership
from portal.desk.admin import HistoryAdmin
from portal.refusal import Refusal
from portal.users.models import User


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
    actions = ["remove_portrait", "make_alumni", "remove", "reinstate"]
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

    @admin.action(description=_("End the membership: alumni"), permissions=["change"])
    def make_alumni(self, request: HttpRequest, chosen: QuerySet[Member]) -> None:
        self._each(request, chosen, lambda member: membership.make_alumni(member), gettext("%(name)s is alumni now."))

    @admin.action(description=_("End the membership: removed, without the way back"), permissions=["change"])
    def remove(self, request: HttpRequest, chosen: QuerySet[Member]) -> None:
        by: User = request.user  # type: ignore[assignment]
        self._each(request, chosen, lambda member: membership.remove(member, by=by), gettext("%(name)s is removed."))

    @admin.action(description=_("Make them members again"), permissions=["change"])
    def reinstate(self, request: HttpRequest, chosen: QuerySet[Member]) -> None:
        by: User = request.user  # type: ignore[assignment]
        done = gettext("%(name)s is a member again.")
        self._each(request, chosen, lambda member: membership.reinstate(member, by=by), done)

    def _each(
        self, request: HttpRequest, chosen: QuerySet[Member], service: Callable[[Member], object], done: str
    ) -> None:
        """One after the other, with what became of each; a refusal stops nobody else."""
        for member in chosen:
            try:
                service(member)
            except Refusal as error:
                messages.error(request, f"{member}: {error}")
            else:
                self.log_change(request, member, done % {"name": member})
                messages.success(request, done % {"name": member})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        return False
