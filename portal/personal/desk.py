"""Coordinators delete the account of somebody who asked for it by mail. It is written down who did so."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from portal.personal import deletion
from portal.personal.forms import DeletionForm
from portal.users.models import User


def delete_somebody(request: HttpRequest, person: User, context: dict[str, Any]) -> HttpResponse:
    """GET says what goes and what stays; POST deletes once the person's address is typed."""
    by = cast(User, request.user)
    refusal = _refusal(person, by)
    goes, stays = deletion.consequences(person)
    form = DeletionForm(request.POST or None, user=person, asks_name=any(one.is_signed for one in stays))
    if request.method == "POST" and not refusal and form.is_valid():
        name = str(person)
        try:
            deletion.delete_account(person, by=by, keeps_name=form.keeps_name)
        except deletion.DeletionError as error:
            refusal = str(error)
        else:
            messages.success(request, _("The account of %(name)s is deleted. They get a last mail.") % {"name": name})
            return redirect("admin:portal_user_changelist")
    shown = {"person": person, "form": form, "refusal": refusal, "goes": goes, "stays": stays}
    return TemplateResponse(request, "admin/delete_account.html", context | shown)


def _refusal(person: User, by: User) -> str:
    if person.pk == by.pk:
        return _("This is your own account.")
    return deletion.refusal(person, by=by)
