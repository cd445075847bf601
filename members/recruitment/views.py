"""The page of whoever was invited. GET shows, since mail programs follow links too; what people press is posted.

The link is a secret of the invited person's, and of the member who invited them, who may send it on by other means. So
the page tells nothing that this member may not know, and has no way to what the person wants to be written.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.directory.models import Member
from members.recruitment import answers, colleagues, hooks
from members.recruitment.colleague_forms import InviteForm
from members.recruitment.models import Drive, Invitation
from members.recruitment.services import DriveError
from members.statements.models import Version
from portal.users.models import User
from portal.users.requests import SignedInRequest, expect_sign_up, forget_sign_up

DECLINED = "declined_invitation"  # in the session: which one was declined in this browser
INVITED_LIST = 30  # people on one page of those whom a member invited


# --- whoever was invited --------------------------------------------------------------------------------------------
@login_not_required
@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Greets whoever was invited, and shows the package. It neither signs in nor verifies, and changes nothing."""
    found = _found(token)
    if found is None:
        return _gone(request)
    said = request.session.get(DECLINED, {})
    if said.get("invitation") == found.pk:
        return render(request, "members/invitation_declined.html", {**said, "invitation": found})
    is_preview = _is_inviter(request, found)
    standing = "" if is_preview else _standing(request, found)
    context = {**page_of(found), "is_preview": is_preview, "standing": standing}
    return render(request, "members/invitation.html", context)


def page_of(invitation: Invitation) -> dict[str, Any]:
    """What the page of an invitation shows, in the language of the page; the desk shows the same before it is sent."""
    package, language = invitation.drive.package, get_language() or "en"
    text = package.text(language) if package else None
    documents = package.documents_for(language) if package else []
    if not documents and package and text:
        documents = package.documents_for(text.language)
    version = Version.objects.in_force().for_joining().first()
    return {"invitation": invitation, "package_text": text, "documents": documents, "version": version}


def _standing(request: HttpRequest, found: Invitation) -> str:
    """What there is to do for whoever looks, by their own account or, signed out, by what came of the invitation."""
    if not request.user.is_authenticated:
        return "joined" if found.has_joined else ""
    member = Member.objects.filter(user=request.user).first()
    if member is not None:
        return "member" if member.is_in_force else "known"
    return "applied" if request.user.applications.open().exists() else ""


@login_not_required
@never_cache
@require_POST
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """A person pressed a key or the pointer on the page, as its script saw."""
    if (found := _found(token)) is None:
        return _gone(request)
    if not _is_inviter(request, found):
        answers.open_page(found)
    return HttpResponse(status=204)


@login_not_required
@never_cache
@require_POST
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """On to the application, or first to an account. The address they were invited by is not verified by that."""
    if (found := _found(token)) is None:
        return _gone(request)
    if _is_inviter(request, found):
        return redirect("invitation", token=token)
    request.session.pop(DECLINED, None)
    if isinstance(request.user, User):
        answers.take_up(found, request.user)
        return redirect("join")
    answers.take_up(found)
    request.session[hooks.IN_SESSION] = found.pk
    expect_sign_up(request, name=found.name, email=found.contact.address)
    return redirect(f"{reverse('account_signup')}?{urlencode({'next': reverse('join')})}")


@login_not_required
@never_cache
@require_POST
def decline_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """No, thank you. The page says so in this browser alone: whoever else has the link does not learn it."""
    return _declined(request, token, answers.decline)


@login_not_required
@never_cache
@require_POST
def refuse_invitations(request: HttpRequest, token: str) -> HttpResponse:
    """No invitations at all, from nobody."""
    return _declined(request, token, answers.refuse, is_refused=True)


def _declined(
    request: HttpRequest, token: str, act: Callable[[Invitation], None], *, is_refused: bool = False
) -> HttpResponse:
    if (found := _found(token)) is None:
        return _gone(request)
    if _is_inviter(request, found):
        return redirect("invitation", token=token)
    act(found)
    request.session.pop(hooks.IN_SESSION, None)
    forget_sign_up(request)
    request.session[DECLINED] = {"invitation": found.pk, "is_refused": is_refused}
    return redirect("invitation", token=token)


def _found(token: str) -> Invitation | None:
    return Invitation.objects.with_a_page().filter(token=token).first()


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "members/invitation_gone.html", {}, status=404)


def _is_inviter(request: HttpRequest, found: Invitation) -> bool:
    """Whoever invited somebody may look at the page; the answer is not theirs to give."""
    return found.invited_by_id is not None and found.invited_by_id == request.user.pk


# --- members who invite ---------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: SignedInRequest) -> HttpResponse:
    """A member invites people they know; who is no member yet is shown the way to join."""
    if not Member.objects.active().filter(user=request.user).exists():
        return redirect("join")
    drives = list(Drive.objects.open_to_colleagues().select_related("package").prefetch_related("package__texts"))
    form = InviteForm(request.POST or None, drives=drives, inviter=request.user) if drives else None
    if form is not None and request.method == "POST" and form.is_valid() and _invited(request, form):
        return redirect("invite")
    invited = Invitation.objects.all().once_each_by(request.user)
    page = Paginator(invited, INVITED_LIST).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "base_url": settings.BASE_URL, "join_url": reverse("join")}
    return render(request, "members/invite.html", context)


def _invited(request: SignedInRequest, form: InviteForm) -> bool:
    """Whether all of them are invited now; a refusal stands above the form, and nobody is. What is said does not
    depend on what we know of anybody."""
    try:
        invited = colleagues.invite_all(form.cleaned_data["drive"], form.people, by=request.user)
    except DriveError as error:
        form.add_error(None, str(error))
        return False
    names = ", ".join(str(one) for one in invited)
    messages.success(request, _("Thank you! You have invited: %(names)s.") % {"names": names})
    return True
