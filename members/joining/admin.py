from django.contrib import admin
from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.joining import services
from members.joining.models import MembershipApplication
from portal.desk.admin import Decision, QueueAdmin


@admin.register(MembershipApplication)
class MembershipApplicationAdmin(QueueAdmin):
    list_display = ["__str__", "country", "status", "submitted_at", "decided_by"]
    list_select_related = ["user", "country", "decided_by"]
    list_filter = ["status", "country__region"]
    search_fields = ["user__name", "user__sort_key", "user__email", "motivation"]
    readonly_fields = fields = (
        "user",
        "email",
        "country",
        "motivation",
        "submitted_at",
        "status",
        "decided_by",
        "decided_at",
        "reason",
    )
    hidden_while_empty = ("decided_by", "decided_at", "reason")
    decisions = (
        Decision(
            "approve",
            _("Make them a member"),
            services.approve,
            "is_waiting",
            _("%(it)s is a member now and gets a mail that says so."),
            is_main=True,
        ),
        Decision(
            "decline",
            _("Decline"),
            services.decline,
            "is_waiting",
            _("The application of %(it)s is declined, and they get a mail with your reason."),
            reason_label=_("Reason, if you decline: the applicant reads it"),
        ),
    )

    @admin.display(description=_("e-mail address"))
    def email(self, application: MembershipApplication) -> str:
        return application.user.email

    def page_title(self, obj: Model) -> str:
        return gettext("Application of %(name)s") % {"name": obj}
