from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.joining import services
from members.joining.likeness import likenesses
from members.joining.models import LATE_AFTER, MembershipApplication
from members.statements.models import Acceptance
from portal.desk.admin import Decision, QueueAdmin


class ApplicationList(ChangeList):
    """Knows of each row on the page who else the applicant might be, in a fixed number of queries."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        found = likenesses(one for one in rows if one.is_open)
        for row in rows:
            row.might_be = found.get(row.pk, [])
        self.result_list = rows


@admin.register(MembershipApplication)
class MembershipApplicationAdmin(QueueAdmin):
    list_display = ["__str__", "country", "status", "waits", "double", "submitted_at", "decided_by"]
    list_select_related = ["user", "country", "decided_by"]
    list_filter = ["status", "country__region", "heard_of"]
    search_fields = ["user__name", "user__sort_key", "user__email", "motivation"]
    readonly_fields = fields = (
        "user", "email", "same_as", "country", "motivation", "its_topics", "its_links", "heard", "accepted",
        "submitted_at", "status", "waits", "question", "asked_by", "asked_at", "decided_by", "decided_at", "reason",
    )  # fmt: skip
    hidden_while_empty = ("question", "asked_by", "asked_at", "decided_by", "decided_at", "reason")
    decisions = (
        Decision(
            "approve",
            _("Make them a member"),
            services.approve,
            "is_open",
            _("%(it)s is a member now and gets a mail that says so."),
            is_main=True,
        ),
        Decision(
            "ask",
            _("Ask for more"),
            services.ask,
            "is_waiting",
            _("%(it)s gets a mail with your question. The application comes back here once it is answered."),
            reason_label=_("Your question if you ask for more, your reason if you decline: the applicant reads it"),
            words_as="question",
        ),
        Decision(
            "decline",
            _("Decline"),
            services.decline,
            "is_open",
            _("The application of %(it)s is declined, and they get a mail with your reason."),
            reason_label=_("Reason, if you decline: the applicant reads it"),
        ),
    )

    @admin.display(description=_("e-mail address"))
    def email(self, application: MembershipApplication) -> str:
        return application.user.email

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ApplicationList

    @admin.display(description=_("known already?"))
    def double(self, application: Any) -> SafeString | str:
        if not application.might_be:
            return ""
        return format_html('<strong class="late">{}</strong>', gettext("perhaps"))

    @admin.display(description=_("might be the same person as"))
    def same_as(self, application: MembershipApplication) -> SafeString | str:
        found = likenesses([application])[application.pk]
        if not found:
            return gettext("nobody we know")
        rows = (
            (
                reverse("admin:portal_user_change", args=[one.user.pk]), one.user, one.user.email,
                one.what, ", ".join(one.reasons),
                f"{reverse('admin:portal_user_merge', args=[one.user.pk])}?other={application.user_id}",
                gettext("Compare and merge"),
            )
            for one in found
        )  # fmt: skip
        line = '<li><a href="{}">{}</a> ({}), {}: {}. <a href="{}">{}</a></li>'
        return format_html("<ul>{}</ul>", format_html_join("", line, rows))

    @admin.display(description=_("topics"))
    def its_topics(self, application: MembershipApplication) -> str:
        return ", ".join(topic.name for topic in application.topics.all()) or gettext("none")

    @admin.display(description=_("links"))
    def its_links(self, application: MembershipApplication) -> SafeString | str:
        if not application.links:
            return gettext("none")
        rows = ((link, link) for link in application.links)
        return format_html(
            "<ul>{}</ul>",
            format_html_join("", '<li><a href="{}" rel="nofollow noopener noreferrer">{}</a></li>', rows),
        )

    @admin.display(description=_("how they heard of us"))
    def heard(self, application: MembershipApplication) -> str:
        said = [application.get_heard_of_display(), application.heard_of_words]
        return ": ".join(filter(None, said)) or gettext("not said")

    @admin.display(description=_("accepted"))
    def accepted(self, application: MembershipApplication) -> str:
        accepted = Acceptance.objects.filter(user=application.user).select_related("version__statement")
        return "; ".join(str(one.version) for one in accepted) or gettext("nothing")

    @admin.display(description=_("waits"))
    def waits(self, application: MembershipApplication) -> SafeString | str:
        """For whom and how long; in the colour of alarm, and with a word for it, once it is too long."""
        since, now = application.waits_since, timezone.now()
        if since is None:
            return "–"
        age = {"age": timesince(since, now, depth=1)}
        if application.is_asked:
            return gettext("for the applicant, %(age)s") % age
        if now - since <= LATE_AFTER:
            return gettext("for us, %(age)s") % age
        return format_html('<strong class="late">{}</strong>', gettext("for us, %(age)s: late") % age)

    def page_title(self, obj: Model) -> str:
        return gettext("Application of %(name)s") % {"name": obj}

    def stamp(self, obj: Model) -> str:
        """Asking for more and handing in again make a new one."""
        application = MembershipApplication.objects.get(pk=obj.pk)
        return f"{application.status} {application.submitted_at}"

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """Those that wait for applicants begin with the one that has waited longest, too."""
        if request.GET.get("status__exact") == "asked":
            return ("asked_at", "pk")
        return super().get_ordering(request)
