from django.contrib import admin
from django.db.models import Model
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.conduct import services
from members.conduct.models import LetterReport, WritingBan
from portal.desk.admin import Decision, DecisionAdmin, QueueAdmin


@admin.register(LetterReport)
class LetterReportAdmin(QueueAdmin):
    """Requests that members reported, with their words: nobody at the desk reads any others."""

    list_display = ["__str__", "recipient", "status", "submitted_at", "decided_by"]
    list_select_related = ["letter__writer", "letter__recipient__user", "decided_by"]
    list_filter = ["status"]
    search_fields = ["letter__writer__name", "letter__writer__email", "letter__name", "letter__recipient__user__name"]
    readonly_fields = fields = (
        "writer", "recipient", "written", "request", "reason", "submitted_at", "earlier", "status", "decided_by",
        "decided_at", "words",
    )  # fmt: skip
    hidden_while_empty = ("decided_by", "decided_at", "words")
    decisions = (
        Decision(
            "dismiss",
            _("Nothing wrong with it"),
            services.dismiss,
            "is_waiting",
            _("%(it)s may go on writing. Whoever reported it hears that you have looked."),
            is_main=True,
        ),
        Decision(
            "warn",
            _("Warn the writer"),
            services.warn,
            "is_waiting",
            _("%(it)s gets a mail with your words and may go on writing."),
            reason_label=_("Your words to the writer, if you warn them or end their writing"),
            words_as="words",
        ),
        Decision(
            "ban",
            _("End their writing"),
            services.ban,
            "is_waiting",
            _("%(it)s may not write to members any more and gets a mail with your words."),
            reason_label=_("Your words to the writer, if you warn them or end their writing"),
            words_as="words",
        ),
    )

    @admin.display(description=_("from"))
    def writer(self, found: LetterReport) -> str:
        """Nobody's address: coordinators find it with the account, where they need it."""
        outside = gettext("from outside the group")
        return f"{found.letter.writer_name} ({outside})" if found.letter.is_from_outside else found.letter.writer_name

    @admin.display(description=_("to"))
    def recipient(self, found: LetterReport) -> str:
        return str(found.letter.recipient)

    @admin.display(description=_("written"))
    def written(self, found: LetterReport) -> object:
        return found.letter.sent_at

    @admin.display(description=_("request"))
    def request(self, found: LetterReport) -> SafeString | str:
        if found.letter.erased_at is not None:
            return gettext("The words are erased.")
        return format_html("<blockquote>{}</blockquote>", linebreaksbr(found.letter.words))

    @admin.display(description=_("reported before"))
    def earlier(self, found: LetterReport) -> str:
        """How often what this writer wrote was reported, and how it ended."""
        letter = found.letter
        others = LetterReport.objects.filter(
            letter__writer=letter.writer, letter__contact=letter.contact, submitted_at__lt=found.submitted_at
        )
        said = [one.get_status_display() for one in others.exclude(pk=found.pk).order_by("submitted_at")]
        return ", ".join(said) or gettext("never")

    def page_title(self, obj: Model) -> str:
        return gettext("Request by %(name)s") % {"name": obj}

    def stamp(self, obj: Model) -> str:
        return str(LetterReport.objects.get(pk=obj.pk).status)


@admin.register(WritingBan)
class WritingBanAdmin(DecisionAdmin):
    """Who may not write to members any more."""

    list_display = ["__str__", "is_hold", "user", "begun_at", "begun_by", "lifted_at"]
    list_select_related = ["user", "begun_by"]
    search_fields = ["name", "user__name", "user__email"]
    readonly_fields = fields = ("name", "user", "is_hold", "reason", "begun_at", "begun_by", "lifted_at", "lifted_by")
    hidden_while_empty = ("user", "is_hold", "lifted_at", "lifted_by")
    decisions = (
        Decision(
            "lift", _("Let them write again"), services.lift, "is_in_force", _("%(it)s may write again."), is_main=True
        ),
    )

    def page_title(self, obj: Model) -> str:
        return gettext("%(name)s may not write") % {"name": obj}

    def stamp(self, obj: Model) -> str:
        return str(WritingBan.objects.get(pk=obj.pk).lifted_at)
