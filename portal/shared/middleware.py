"""Serving shared pages, and keeping personal ones out of every cache."""

import gzip
import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language_from_path, override

from portal.shared import version
from portal.shared.pages import expiry

ROOM = 32 * 2**20  # bytes of pages a process keeps
GetResponse = Callable[[HttpRequest], HttpResponse]
ACCEPTS_GZIP = re.compile(r"\bgzip\b")


@dataclass(frozen=True)
class Kept:
    """A page as it was rendered: `until` in seconds of the monotonic clock."""

    version: bytes
    until: float
    headers: dict[str, str]
    plain: bytes
    packed: bytes

    @property
    def etag(self) -> str:
        return self.headers["ETag"]

    @property
    def brief_headers(self) -> dict[str, str]:
        """What a 304 repeats (RFC 9110, 15.4.5)."""
        return {name: self.headers[name] for name in ("Cache-Control", "ETag", "Vary")}

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.packed) + 1000


class Shelf:
    """The pages that one process keeps, least recently used first, within `room` bytes."""

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._size = room, 0
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str, now_version: bytes) -> Kept | None:
        page = self._pages.get(key)
        if page is None or page.version != now_version or page.until < time.monotonic():
            return None
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
        return page

    def put(self, key: str, page: Kept) -> None:
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._size += page.size
            while self._size > self._room:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: str) -> None:
        if old := self._pages.pop(key, None):
            self._size -= old.size


class SharedPageMiddleware:
    """Answers anonymous GETs of shared views from the shelf, or renders them once and keeps them.

    Stands before sessions, languages and security headers, which a kept page carries already.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.shelf = Shelf()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _may_share(request):
            return self._in_full(request, is_shared=False)
        key = _key(request)
        now_version = version.current()
        page = self.shelf.take(key, now_version) if now_version else None
        if page is None:
            if not _is_shared_view(request):
                return self._in_full(request, is_shared=False)
            response = self._in_full(request, is_shared=True)
            if now_version is None or response.status_code != 200 or response.streaming or response.cookies:
                return response
            page = _keep(request, response, now_version)
            self.shelf.put(key, page)
        return _answer(request, page)

    def _in_full(self, request: HttpRequest, *, is_shared: bool) -> HttpResponse:
        request.is_shared = is_shared  # type: ignore[attr-defined]
        return self.get_response(request)


def _may_share(request: HttpRequest) -> bool:
    """Whether this is a safe request of somebody without a session, for an address that we answer to.

    What HTMX asks for a field that has a name may depend on that name.
    """
    if request.method not in {"GET", "HEAD"} or settings.DEBUG or "HTTP_HX_TRIGGER_NAME" in request.META:
        return False
    if "HTTP_COOKIE" in request.META and settings.SESSION_COOKIE_NAME in request.COOKIES:
        return False
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return False
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _is_shared_view(request: HttpRequest) -> bool:
    """Whether the view lets its page be shared, with no other parameters than it lists.

    Addresses are looked up in their own language: the last request left its language in this thread.
    """
    with override(get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
        try:
            view = resolve(request.path_info).func
        except Resolver404:
            return False
    listed = getattr(view, "shared_parameters", None)
    return listed is not None and listed.issuperset(request.GET)


def _key(request: HttpRequest) -> str:
    """What a page is kept under: its address, and whether only a part of it was asked for, as views ask it too."""
    part = "#" if request.META.get("HTTP_HX_REQUEST") == "true" else ""
    return f"{request.path_info}?{request.META.get('QUERY_STRING', '')}{part}"


def _keep(request: HttpRequest, response: HttpResponse, now_version: bytes) -> Kept:
    now = timezone.now()
    plain = response.content if not response.has_header("Content-Encoding") else gzip.decompress(response.content)
    headers = {
        name: value for name, value in response.items() if name not in {"Content-Length", "Content-Encoding", "ETag"}
    }
    headers["Cache-Control"] = "public, no-cache"
    headers["Vary"] = "Accept-Encoding, Cookie, HX-Request"
    headers["ETag"] = f'W/"{hashlib.blake2b(plain, digest_size=12).hexdigest()}"'
    return Kept(
        version=now_version,
        until=time.monotonic() + (expiry(request, now) - now).total_seconds(),
        headers=headers,
        plain=plain,
        packed=gzip.compress(plain, 6, mtime=0),
    )


def _answer(request: HttpRequest, page: Kept) -> HttpResponse:
    """From the request's own table: `request.headers` would parse every header for the two that are needed."""
    if page.etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        return HttpResponseNotModified(headers=page.brief_headers)
    if ACCEPTS_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
        return HttpResponse(page.packed, headers={**page.headers, "Content-Encoding": "gzip"})
    return HttpResponse(page.plain, headers=page.headers)


class PrivatePageMiddleware:
    """Whatever is not shared stays with the person it was made for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and not getattr(request, "is_shared", False):
            patch_cache_control(response, private=True, no_store=True)
        return response
