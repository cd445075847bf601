"""One's own data: what is held, what was agreed to, a copy to take along, and the end of the account."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import registry
from portal.personal import deletion, services
from portal.personal.forms import DeletionForm
from portal.personal.models import DataExport
from portal.users.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def my_data(request: SignedInRequest) -> HttpResponse:
    """What one agreed to, and the copy of one's data. POST asks for a new copy."""
    if request.method == "POST":
        try:
            services.ask_for_copy(request.user)
        except services.ExportError as error:
            messages.info(request, str(error))
        return redirect("my_data")
    context = {
        "export": request.user.data_exports.order_by("-requested_at").first(),
        "consents": [one for give in registry.consents for one in give(request.user)],
        "parts": [part.title for part in registry.export_parts],
    }
    return render(request, "portal/personal/my_data.html", context)


@require_safe
@reauthentication_required
def download_data(request: SignedInRequest, pk: UUID) -> HttpResponse | FileResponse:
    """The copy, to its owner alone and as long as it is there."""
    export = get_object_or_404(DataExport, pk=pk, user=request.user, status=DataExport.Status.READY)
    try:
        file = export.file.open()
    except FileNotFoundError:
        messages.error(request, _("The file is not there any more. Ask for a new copy."))
        return redirect("my_data")
    return FileResponse(file, as_attachment=True, filename=export.file_name, content_type="application/zip")


@require_POST
def withdraw_consent(request: SignedInRequest, key: str) -> HttpResponse:
    """Take back something that one agreed to. Taken back already, nothing happens."""
    given = {one.key: one.withdraw for give in registry.consents for one in give(request.user)}
    if (withdraw := given.get(key)) is not None:
        withdraw()
        messages.success(request, _("You have taken it back."))
    return redirect("my_data")


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def delete_account(request: SignedInRequest) -> HttpResponse:
    """Says what goes, what stays and why; deletes once the address is typed."""
    user, refusal = request.user, deletion.refusal(request.user, by=request.user)
    goes, stays = deletion.consequences(user)
    form = DeletionForm(request.POST or None, user=user, asks_name=any(one.is_signed for one in stays))
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            deletion.delete_account(user, by=user, keeps_name=form.keeps_name)
        except deletion.DeletionError as error:
            refusal = str(error)
        else:
            logout(request)
            return redirect("account_deleted")
    context = {"form": form, "refusal": refusal, "goes": goes, "stays": stays}
    return render(request, "portal/personal/delete_account.html", context)


@login_not_required
@never_cache
@require_safe
def account_deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/personal/account_deleted.html")
