from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.directory import reminding, services
from members.directory.models import Member, MemberQuerySet
from members.directory.parts import PARTS, Audience, column
from members.membership import services as membership
from members.recruitment import editing
from portal.desk.admin import HistoryAdmin
from portal.refusal import Refusal
from portal.users.models import User


class ProfileFilter(admin.SimpleListFilter):
    """Profiles that somebody should look at."""

    title = _("profile")
    parameter_name = "profile"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("bare", _("bare: no words, no topics")),
            ("stale", _("stale: not edited for a year and a half")),
            ("faceless", _("without a portrait")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        members: MemberQuerySet = queryset
        found = {
            "bare": members.bare,
            "stale": lambda: members.stale(timezone.now()),
            "faceless": lambda: members.filter(portrait=""),
        }.get(self.value() or "")
        return found() if found else members


@admin.register(Member)
class MemberAdmin(HistoryAdmin):
    """Members. A person becomes one by the approval of an application, so nobody is added here by hand.

    Their portrait and who may see them stay their own decision: a portrait can only be taken away here.
    """

    list_display = ["name", "headline", "country", "status", "visibility", "joined_on", "edited_at"]
    list_select_related = ["user", "country"]
    list_filter = ["status", ProfileFilter, "visibility", "takes_requests", "country__region", "topics", "languages"]
    search_fields = [
        "user__name", "user__sort_key", "user__email", "user__emailaddress__email", "headline", "organisation", "bio",
        "city", "country__name_en", "country__name_fr", "country__name_es", "topics__name_en", "topics__name_fr",
        "topics__name_es", "links__url",
    ]  # fmt: skip
    autocomplete_fields = ["country", "topics", "stand_in"]
    fieldsets = [
        (None, {"fields": ["account", "headline", "organisation", "bio", "topics", "languages", "city", "country"]}),
        (_("Taking part"), {"fields": ["time_zone", "hours_pledged", "away_until", "stand_in", "takes_requests"]}),
        (_("Seen by"), {"fields": ["picture", "visibility", "audiences"]}),
        (_("Membership"), {"fields": ["joined_on", "status", "leave_until", "left_at", "edited_at"]}),
    ]
    readonly_fields = [
        "account", "takes_requests", "picture", "visibility", "audiences", "status", "leave_until", "left_at",
        "edited_at",
    ]  # fmt: skip
    actions = ["write_to", "remind", "remove_portrait", "make_alumni", "remove", "reinstate"]
    kept = (
        "portrait", "visibility", "takes_requests", "status", "leave_until", "left_at", "edited_at",
        *map(column, PARTS),
    )  # fmt: skip

    @admin.display(description=_("name"), ordering="user__sort_key")
    def name(self, member: Member) -> str:
        return str(member)

    @admin.display(description=_("account"))
    def account(self, member: Member) -> SafeString:
        """Where the name, the addresses and a second account of the same person are dealt with."""
        page = reverse("admin:portal_user_change", args=[member.user_id])
        merge = reverse("admin:portal_user_merge", args=[member.user_id])
        words = (page, member.user.name, merge, _("Merge with another account"))
        return format_html('<a href="{}">{}</a> · <a href="{}">{}</a>', *words)

    @admin.display(description=_("parts not shown to everyone"))
    def audiences(self, member: Member) -> str:
        """The member decides; here it can only be read."""
        kept = [(part, Audience(getattr(member, column(part)))) for part in PARTS]
        told = [f"{_name(part)}: {audience.label}" for part, audience in kept if audience != Audience.EVERYONE]
        return ", ".join(told) or str(_("none"))

    @admin.display(description=_("portrait"))
    def picture(self, member: Member) -> SafeString | str:
        if not member.portrait:
            return str(_("none"))
        return format_html('<img src="{}" alt="" width="160" height="160">', member.portrait_url)

    @admin.action(description=_("Write a circular to them"), permissions=["write"])
    def write_to(self, request: HttpRequest, chosen: MemberQuerySet) -> HttpResponse | None:
        """A draft with these members as its audience: its page leads on."""
        by: User = request.user  # type: ignore[assignment]
        try:
            drive = editing.circular_to(chosen, by=by)
        except Refusal as error:
            messages.error(request, str(error))
            return None
        messages.success(request, gettext("A circular is prepared. Nobody is written to before you start it."))
        return redirect("admin:members_drive_change", drive.pk)

    def has_write_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.add_drive")

    @admin.action(description=_("Remind them kindly of their profile"), permissions=["change"])
    def remind(self, request: HttpRequest, chosen: QuerySet[Member]) -> None:
        self._each(request, chosen, reminding.remind, gettext("%(name)s is reminded of the profile."))

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


def _name(part: str) -> str:
    """How a part is called; that of `away` is its day."""
    field = Member._meta.get_field({"away": "away_until"}.get(part, part))
    return str(getattr(field, "verbose_name", None) or field.related_model._meta.verbose_name_plural)  # type: ignore[union-attr]
