"""Writing to a member, and one's own requests: those that one got and those that one wrote."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.conduct import services as conduct
from members.directory.models import Member
from members.directory.profile import Profile, seen_by
from members.letters import limits, services, strangers
from members.letters.forms import AnswerForm, DeclineForm, LetterForm, ReportForm
from members.letters.models import Letter
from portal.refusal import Refusal
from portal.users.models import User
from portal.users.requests import SignedInRequest

PER_PAGE = 20


# --- writing --------------------------------------------------------------------------------------------------------
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write_letter(request: HttpRequest, slug: str) -> HttpResponse:
    """The form by which somebody writes to a member. Who is not signed in confirms their address by a mail."""
    member = get_object_or_404(Member.objects.visible_to(request.user).with_faces(), slug=slug)
    profile = seen_by(request.user, member)
    if member.user_id == request.user.pk or (request.method != "POST" and not limits.takes_letters(member)):
        raise Http404
    if not isinstance(request.user, User):
        return strangers.write(request, member, profile)
    form = LetterForm(request.POST or None, profile=profile)
    if request.method == "POST" and form.is_valid():
        try:
            letter = services.write(member, by=request.user, **form.cleaned_data)
        except services.LetterError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your request is on its way to %(name)s.") % {"name": member})
            return redirect(letter)
    return render(request, "members/write_letter.html", page_of(request, form, member, profile))


def page_of(request: HttpRequest, form: Form, member: Member, profile: Profile) -> dict[str, Any]:
    """The form, and who stands in where the member is away and may be seen to be."""
    stand_in = None
    if profile.away_until and member.stand_in_id:
        stand_in = Member.objects.visible_to(request.user).filter(pk=member.stand_in_id).select_related("user").first()
    can_ask = stand_in is not None and limits.takes_letters(stand_in) and stand_in.user_id != request.user.pk
    return {"form": form, "profile": profile, "stand_in": stand_in, "stand_in_can_be_asked": can_ask}


# --- one's own ------------------------------------------------------------------------------------------------------
@require_safe
def letter_list(request: SignedInRequest) -> HttpResponse:
    """What I got, what waits first; or with `box=sent` what I wrote."""
    is_sent = request.GET.get("box") == "sent"
    mine = Letter.objects.written_by(request.user) if is_sent else Letter.objects.received_by(request.user)
    page = Paginator(mine.waiting_first().with_people(), PER_PAGE).get_page(request.GET.get("page"))
    member = Member.objects.filter(user=request.user).first()
    context = {"page_obj": page, "is_sent": is_sent, "member": member}
    return render(request, "members/letter_list.html", context)


@require_safe
def letter(request: SignedInRequest, reference: str) -> HttpResponse:
    found = _own(request, reference)
    return _page(request, found) if found.recipient.user_id == request.user.pk else _page_of_writer(request, found)


@require_POST
def answer_letter(request: SignedInRequest, reference: str) -> HttpResponse:
    """The answer, with both addresses or without."""
    found, form = _received(request, reference), AnswerForm(request.POST, prefix="answer")

    def act() -> None:
        said = form.cleaned_data
        services.answer(found, by=request.user, words=said["words"], shares_addresses=said["addresses"] == "show")

    done = _("Your answer is on its way to %(name)s.") % {"name": found}
    return _acted(request, found, form, act, done, answer_form=form)


@require_POST
def decline_letter(request: SignedInRequest, reference: str) -> HttpResponse:
    found, form = _received(request, reference), DeclineForm(request.POST, prefix="decline")
    done = _("%(name)s hears that you cannot help.") % {"name": found}

    def act() -> None:
        services.decline(found, by=request.user, words=form.cleaned_data["words"])

    return _acted(request, found, form, act, done, decline_form=form)


@require_POST
def report_letter(request: SignedInRequest, reference: str) -> HttpResponse:
    found, form = _received(request, reference), ReportForm(request.POST, prefix="report")
    done = _("The coordinators look at it. Until then %(name)s can write to nobody.") % {"name": found}

    def act() -> None:
        conduct.report(found, by=request.user, reason=form.cleaned_data["reason"])

    return _acted(request, found, form, act, done, report_form=form)


@require_POST
def take_no_requests(request: SignedInRequest) -> HttpResponse:
    services.take_no_requests(request.user)
    done = _("Nobody can write to you any more. You can change that whenever you edit your profile.")
    messages.success(request, done)
    return redirect("letter_list")


def _own(request: SignedInRequest, reference: str) -> Letter:
    return get_object_or_404(Letter.objects.of_person(request.user).with_people(), reference=reference)


def _received(request: SignedInRequest, reference: str) -> Letter:
    return get_object_or_404(Letter.objects.received_by(request.user).with_people(), reference=reference)


def _acted(
    request: SignedInRequest, found: Letter, form: Form, act: Callable[[], object], done: str, **forms: Form
) -> HttpResponse:
    """To the request as it is now; or the same page, with what is wrong and with what was typed."""
    if form.is_valid():
        try:
            act()
        except Refusal as error:
            messages.error(request, str(error))  # the form may not be on the page any more
        else:
            messages.success(request, done)
            return redirect(found)
    return _page(request, _received(request, found.reference), **forms)


def _page(request: SignedInRequest, found: Letter, **forms: Form) -> HttpResponse:
    """A request as the member who got it sees it."""
    kind_no = _("Thank you for writing. I am sorry that I cannot help with this just now. I wish you well with it.")
    shown = {
        "answer_form": AnswerForm(prefix="answer"),
        "decline_form": DeclineForm(prefix="decline", initial={"words": kind_no}),
        "report_form": ReportForm(prefix="report"),
        **forms,
    }
    seen = Member.objects.visible_to(request.user).filter(user=found.writer_id) if found.writer_id else None
    member = seen.with_faces().first() if seen is not None else None
    context = {
        "letter": found,
        "writer": seen_by(request.user, member) if member else None,
        "member": found.recipient,
        "failed": next(iter(forms), ""),
        "is_reported": conduct.is_reported(found),
        **shown,
    }
    return render(request, "members/letter.html", context)


def _page_of_writer(request: SignedInRequest, found: Letter) -> HttpResponse:
    """The same as its writer sees it."""
    seen = Member.objects.visible_to(request.user).filter(pk=found.recipient_id).with_faces().first()
    context = {"letter": found, "recipient": seen_by(request.user, seen) if seen else None}
    return render(request, "members/letter_sent.html", context)
