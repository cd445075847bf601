from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.mfa import admin as _second_factors  # noqa: F401 - imported so that it is there to be taken out
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth import admin as _auth  # noqa: F401 - the same
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.desk.admin import DeskAdmin
from portal.personal.desk import delete_somebody
from portal.users import merging
from portal.users.models import FORMER_COORDINATOR, User

FOUND_AT_MOST = 20

admin.site.unregister([Group, Authenticator])


@admin.register(User)
class UserAdmin(DeskAdmin):
    """Accounts. Who may enter the desk is not edited here: rights are given by a service, never by a tick."""

    list_display = ["name", "email", "language", "is_active", "is_staff", "joined_at"]
    list_filter = ["is_active", "is_staff", "language"]
    search_fields = ["name", "email", "sort_key"]
    ordering = ["sort_key"]
    fields = ["name", "email", "language", "is_active", "is_staff", "joined_at", "last_login"]
    readonly_fields = ["email", "is_active", "is_staff", "joined_at", "last_login"]
    change_form_template = "admin/user_change_form.html"

    def get_urls(self) -> list:
        merge = path("<path:object_id>/merge/", self.admin_site.admin_view(self.merge), name="portal_user_merge")
        end = path("<path:object_id>/end/", self.admin_site.admin_view(self.end), name="portal_user_end")
        return [merge, end, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).exclude(email=FORMER_COORDINATOR)

    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Delete the account of somebody who asked for it."""
        person = _chosen(object_id)
        if person is None:
            raise Http404
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "title": gettext("Delete an account"), "opts": self.opts}
        return delete_somebody(request, person, context)

    def merge(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make one account of two: choose the other one, compare, confirm. The account of this address stays."""
        keep = _chosen(object_id)
        if keep is None:
            raise Http404
        if not self.has_change_permission(request, keep):
            raise PermissionDenied
        other = _chosen(request.POST.get("other") or request.GET.get("other", ""))
        if request.method == "POST" and other is not None and _merged(request, keep, other):
            return redirect("admin:portal_user_change", keep.pk)
        words = request.GET.get("q", "").replace("\0", "").strip()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge two accounts"),
            "opts": self.opts,
            "keep": keep,
            "gone": other,
            "words": words,
        }
        if other is None:
            return TemplateResponse(request, "admin/merge_choose.html", context | {"found": _found(keep, words)})
        refusal = merging.refusal(keep, other, by=cast(User, request.user))
        shown = {"refusal": refusal, "accounts": [_told(keep), _told(other)], "follows": merging.what_follows(other)}
        return TemplateResponse(request, "admin/merge.html", context | shown)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


def _chosen(pk: str) -> User | None:
    return User.objects.of_people().filter(pk=int(pk)).first() if pk.isdecimal() else None


def _merged(request: HttpRequest, keep: User, gone: User) -> bool:
    """Whether the two are one now; a refusal is shown and changes nothing."""
    words = {"name": gone, "email": gone.email}
    try:
        merging.merge(keep, gone, by=cast(User, request.user))
    except merging.MergeError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, gettext("%(name)s (%(email)s) is merged into this account.") % words)
    return True


def _found(keep: User, words: str) -> QuerySet[User]:
    """Whom to merge with: people of that name or address, or, before anybody is looked for, of a name like this one."""
    others = User.objects.of_people().exclude(pk=keep.pk)
    if not words:
        return others.filter(pk__in=User.objects.named_like(keep.sort_key).values("pk")[:FOUND_AT_MOST])
    fits = Q(name__icontains=words) | Q(sort_key__icontains=words) | Q(email__icontains=words)
    return others.filter(fits | Q(emailaddress__email__icontains=words)).distinct()[:FOUND_AT_MOST]


def _told(user: User) -> dict[str, Any]:
    """What the comparison shows of an account."""
    return {
        "user": user,
        "addresses": EmailAddress.objects.filter(user=user).order_by("-primary", "email"),
        "follows": merging.what_follows(user),
    }


admin.site.site_header = _("The desk")
