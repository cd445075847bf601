"""Writing coverage, on a phone and on a bad network: whatever was typed or sent is kept before anything is refused."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from events.calendar.models import Event
from members.directory.models import Member
from portal.images import ImageError
from portal.users.requests import SignedInRequest
from reporters.coverage import services
from reporters.coverage.forms import CoverageForm, PhotoForm
from reporters.coverage.models import Coverage


@require_http_methods(["GET", "HEAD", "POST"])
def coverage_new(request: SignedInRequest) -> HttpResponse:
    """An empty form; sending it, whole or not, makes a draft with an address of its own."""
    if not Member.objects.active().filter(user=request.user).exists():
        messages.info(request, _("Members report from events. You can as soon as you are one."))
        return redirect("join")
    event = Event.objects.reportable(timezone.now()).filter(slug=request.GET.get("event", "")).first()
    if request.method != "POST":
        return _empty_form_page(request, CoverageForm(initial={"event": event, "language": get_language()}), event)
    if not _has_content(request):
        form = CoverageForm(request.POST, is_final=True)
        return _empty_form_page(request, form, event)
    coverage = services.draft(request.user, client_key=_client_key(request), event=event)
    return _receive(request, coverage)


@require_http_methods(["GET", "HEAD", "POST"])
def coverage_edit(request: SignedInRequest, reference: str) -> HttpResponse:
    coverage = get_object_or_404(Coverage, reference=reference, author=request.user)
    if request.method == "POST":
        return _receive(request, coverage)
    if not coverage.is_draft:
        return redirect(coverage)
    return _form_page(request, coverage, CoverageForm(instance=coverage), _photo_forms(coverage))


@require_POST
def coverage_withdraw(request: SignedInRequest, reference: str) -> HttpResponse:
    coverage = get_object_or_404(Coverage, reference=reference, author=request.user)
    try:
        services.withdraw(coverage, by=request.user)
    except services.CoverageError as error:
        messages.error(request, str(error))
        return redirect(coverage)
    messages.success(request, _("It is a draft again. Hand it in when it is ready."))
    return redirect("reporters:coverage_edit", reference)


@require_POST
def coverage_discard(request: SignedInRequest, reference: str) -> HttpResponse:
    coverage = get_object_or_404(Coverage, reference=reference, author=request.user)
    try:
        services.discard(coverage, by=request.user)
    except services.CoverageError as error:
        messages.error(request, str(error))
        return redirect(coverage)
    messages.success(request, _("The draft is thrown away."))
    return redirect("me")


def _has_content(request: SignedInRequest) -> bool:
    """An empty form makes no draft."""
    return bool(request.FILES) or any(request.POST.get(name, "").strip() for name in ("headline", "body", "link"))


def _empty_form_page(request: SignedInRequest, form: CoverageForm, event: Event | None) -> HttpResponse:
    context = {
        "form": form,
        "client_key": _client_key(request),
        "event": event,
        "drafts": Coverage.objects.drafts_of(request.user).order_by("-saved_at")[:3],
        "to_mend": _to_mend([form]),
        "is_final": True,
    }
    return render(request, "reporters/coverage_form.html", context)


def _client_key(request: SignedInRequest) -> UUID:
    try:
        return UUID(request.POST.get("client_key", ""))
    except ValueError:
        return uuid4()


def _receive(request: SignedInRequest, coverage: Coverage) -> HttpResponse:
    """Save what can be saved, then hand in, add pictures or show what is to mend, as the pressed button says."""
    if not coverage.is_draft:
        messages.info(request, _("This was handed in already."))
        return redirect(coverage)
    is_final = "hand_in" in request.POST
    form = CoverageForm(request.POST, request.FILES, instance=coverage, is_final=is_final)
    form_is_valid = form.is_valid()
    try:
        _save_valid(form)
        refused = _keep_photos(coverage, request.FILES.getlist("photos"), request.POST.getlist("photo_alt"))
        was_removed = _remove_asked(request, coverage)
        photo_forms = _photo_forms(coverage, request.POST, is_final=is_final)
        photos_are_valid = _all_saved(photo_forms)
    except services.HandedInError:
        messages.info(request, _("This was handed in already."))
        return redirect(coverage)
    for words in refused:
        form.add_error("photos", words)
    if not (form_is_valid and photos_are_valid) or refused:
        return _form_page(request, coverage, form, photo_forms)
    if not is_final:
        messages.success(request, _("The picture is removed.") if was_removed else _("The draft is saved."))
        return redirect("reporters:coverage_edit", coverage.reference)
    return _hand_in(request, coverage, form, photo_forms)


def _hand_in(
    request: SignedInRequest, coverage: Coverage, form: CoverageForm, photo_forms: list[PhotoForm]
) -> HttpResponse:
    try:
        coverage = services.hand_in(coverage, by=request.user)
    except services.LinkKnownError as error:
        form.add_error("link", str(error))
    except services.CoverageError as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, _("Thank you. It is with the coordinators; you get a mail when it is published."))
        return redirect(coverage)
    return _form_page(request, coverage, form, photo_forms)


def _save_valid(form: CoverageForm) -> None:
    """Keep every field that is right, also while another is wrong."""
    valid = {name: form.cleaned_data[name] for name in form.Meta.fields if name in form.cleaned_data}
    form.instance.saved_at = services.save_draft(form.instance, **valid).saved_at


def _keep_photos(coverage: Coverage, files: list[UploadedFile], alts: list[str]) -> list[str]:
    """Keep the pictures among the files, with their descriptions in the same order; a sentence for each refused one."""
    refused = []
    padded = [*alts, *[""] * len(files)]
    for file, alt in zip(files, padded, strict=False):
        try:
            services.add_photo(coverage, file, alt=alt.replace("\0", "").strip())
        except services.HandedInError:
            raise
        except (ImageError, services.CoverageError) as error:
            refused.append(f"{file.name}: {error}")
    return refused


def _remove_asked(request: SignedInRequest, coverage: Coverage) -> bool:
    asked = set(request.POST.getlist("remove"))
    photos = [photo for photo in coverage.photos.all() if str(photo.pk) in asked]
    for photo in photos:
        services.remove_photo(photo)
    return bool(photos)


def _photo_forms(coverage: Coverage, data: Any = None, *, is_final: bool = False) -> list[PhotoForm]:
    """One form a picture. One that has just come has no field in `data` yet: its own description is judged."""
    forms = []
    for number, photo in enumerate(coverage.photos.all(), start=1):
        photo.coverage = coverage
        prefix = f"photo-{photo.pk}"
        typed = {f"{prefix}-alt": data.get(f"{prefix}-alt", photo.alt)} if data is not None else None
        forms.append(PhotoForm(typed, instance=photo, prefix=prefix, number=number, is_final=is_final))
    return forms


def _all_saved(forms: list[PhotoForm]) -> bool:
    """Keep each description that is right, also while another is missing."""
    bound = [form for form in forms if form.is_bound]
    valid = [form for form in bound if form.is_valid()]
    for form in valid:
        services.describe_photo(form.instance, form.cleaned_data["alt"])
    return len(valid) == len(bound)


def _form_page(
    request: SignedInRequest, coverage: Coverage, form: CoverageForm, photos: list[PhotoForm]
) -> HttpResponse:
    context = {
        "form": form,
        "photo_forms": photos,
        "coverage": coverage,
        "event": coverage.event,
        "to_mend": _to_mend([form, *photos]),
        "is_final": "hand_in" in request.POST,
    }
    return render(request, "reporters/coverage_form.html", context)


def _to_mend(forms: list[Any]) -> list[dict[str, str]]:
    """Every error of several forms, with the place it belongs to, for the summary at the top."""
    found = []
    for form in forms:
        for name, errors in form.errors.items() if form.is_bound else ():
            field = form[name] if name in form.fields else None
            place = {"id": field.id_for_label, "label": field.label} if field else {"id": "", "label": ""}
            found += [{**place, "words": str(words)} for words in errors]
    return found
