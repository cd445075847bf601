from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.directory.models import Member
from members.joining import services
from members.joining.forms import ApplicationForm
from members.joining.models import MembershipApplication
from members.recruitment import answers
from members.recruitment.models import Invitation
from portal.shared.pages import shared_page
from portal.users.models import User


@shared_page()
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """What joining means; with an account also the application, a coordinator's question, or how far it has come."""
    if not request.user.is_authenticated:
        return redirect("account_signup") if request.method == "POST" else render(request, "members/join.html", {})
    if Member.objects.filter(user=request.user).exists():
        return redirect("me")
    last = request.user.applications.order_by("-submitted_at").first()
    asked = last if last is not None and last.is_asked else None
    invitation = answers.taken_up_by(request.user)
    told = _told_by(invitation) if asked is None and invitation is not None else {}
    form = ApplicationForm(request.POST or None, instance=asked, person=request.user, initial=told)
    if request.method == "POST" and form.is_valid() and _handed_in(form, request.user):
        messages.success(request, _("Your application is with the coordinators. We write to you when it is decided."))
        return redirect("me")
    return render(request, "members/join.html", {"form": form, "application": last, "invitation": invitation})


def _told_by(invitation: Invitation) -> dict[str, str]:
    """How they heard of us, as their invitation tells it."""
    if invitation.invited_by is None:
        return {"heard_of": MembershipApplication.HeardOf.MAIL}
    return {"heard_of": MembershipApplication.HeardOf.MEMBER, "heard_of_words": invitation.invited_by.name}


def _handed_in(form: ApplicationForm, person: User) -> bool:
    """Whether it is with the coordinators now; a refusal stands above the form."""
    try:
        if form.instance.pk:
            services.hand_in_again(form.instance, **form.cleaned_data)
        else:
            services.apply(person, **form.cleaned_data)
    except services.JoiningError as error:
        form.add_error(None, str(error))
        return False
    return True
