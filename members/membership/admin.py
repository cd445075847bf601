from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.membership import rounds, services
from members.membership.forms import RoundForm
from members.membership.models import RenewalRound, ReturnRequest
from portal.desk.admin import Decision, DecisionAdmin, QueueAdmin


@admin.register(ReturnRequest)
class ReturnRequestAdmin(QueueAdmin):
    """Alumni who would like to be members again."""

    list_display = ["__str__", "status", "submitted_at", "decided_by"]
    list_select_related = ["member__user", "decided_by"]
    list_filter = ["status"]
    search_fields = ["member__user__name", "member__user__sort_key", "member__user__email"]
    readonly_fields = fields = (
        "member", "member_since", "left", "submitted_at", "status", "decided_by", "decided_at", "reason",
    )  # fmt: skip
    hidden_while_empty = ("decided_by", "decided_at", "reason")
    decisions = (
        Decision(
            "approve",
            _("Make them a member again"),
            services.approve_return,
            "is_waiting",
            _("%(it)s is a member again and gets a mail that says so."),
            is_main=True,
        ),
        Decision(
            "decline",
            _("Decline"),
            services.decline_return,
            "is_waiting",
            _("%(it)s gets a mail with your reason."),
            reason_label=_("Reason, if you decline: the person reads it"),
        ),
    )

    @admin.display(description=_("member since"))
    def member_since(self, request: ReturnRequest) -> Any:
        return request.member.joined_on

    @admin.display(description=_("left"), empty_value="–")
    def left(self, request: ReturnRequest) -> Any:
        return request.member.left_at

    def page_title(self, obj: Model) -> str:
        return gettext("%(name)s would like to come back") % {"name": obj}


@admin.register(RenewalRound)
class RenewalRoundAdmin(DecisionAdmin):
    """Rounds in which every active member is asked whether they stay."""

    change_form_template = "admin/round_change_form.html"
    list_display = ["name", "status", "opens_on", "closes_on"]
    list_filter = ["status"]
    search_fields = ["name"]
    readonly_fields = fields = (
        "status", "opens_on", "first_reminder_on", "second_reminder_on", "closes_on", "begun_by", "opened_at",
        "closed_at",
    )  # fmt: skip
    hidden_while_empty = ("begun_by", "opened_at", "closed_at")
    decisions = (
        Decision(
            "begin",
            _("Begin this round"),
            rounds.begin,
            "can_begin",
            _("“%(it)s” begins: on its day every active member gets a mail."),
            is_main=True,
        ),
        Decision(
            "cancel",
            _("Cancel this round"),
            rounds.cancel,
            "can_be_cancelled",
            _("“%(it)s” is cancelled. Nobody is asked any more, and nobody becomes alumni by it."),
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def page_title(self, obj: Model) -> str:
        return str(obj)

    def stamp(self, obj: Model) -> str:
        """Whoever opens a round has seen its days, and how many people it writes to."""
        found = RenewalRound.objects.get(pk=obj.pk)
        return f"{found.status} {found.opens_on} {found.closes_on}"

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.days_view)
        return [path("<path:object_id>/days/", view, name="members_renewalround_days"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._edited(request, RenewalRound(), gettext("Plan a renewal round"))

    def days_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Its name and days, as long as something of it is still to come."""
        found: RenewalRound | None = self.get_object(request, object_id)
        if not self.has_change_permission(request, found):
            raise PermissionDenied
        if found is None or not found.can_be_edited:
            return HttpResponseRedirect(reverse("admin:members_renewalround_changelist"))
        return self._edited(request, found, gettext("Change its days"))

    def _edited(self, request: HttpRequest, found: RenewalRound, title: str) -> HttpResponse:
        is_new = found.pk is None
        form = RoundForm(request.POST or None, instance=found)
        if request.method == "POST" and form.is_valid():
            saved = form.save()
            (self.log_addition if is_new else self.log_change)(request, saved, title)
            return HttpResponseRedirect(reverse("admin:members_renewalround_change", args=[saved.pk]))
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "form": form}
        return TemplateResponse(request, "admin/round_form.html", context)
