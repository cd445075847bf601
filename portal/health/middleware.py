import ipaddress
import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

log = logging.getLogger("portal.request")
UTF_8 = {"utf-8", "utf8", "us-ascii"}
STRANGER_AT_MOST = 2**20  # bytes
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")


class RequestLogMiddleware:
    """One line for each request that failed or was slow: the route, not the path, since paths may hold tokens."""

    SLOW = 1.0  # seconds

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        response = self.get_response(request)
        took = time.monotonic() - began
        if response.status_code >= 500 or took > self.SLOW:
            match = getattr(request, "resolver_match", None)
            log.warning(
                "request",
                extra={
                    "method": request.method,
                    "route": match.route if match else "",
                    "status": response.status_code,
                    "milliseconds": round(took * 1000),
                },
            )
        return response


class SoundRequestMiddleware:
    """Refuses what no browser sends from our pages and what would end in an error further in: a NUL in the address,
    a form in another charset than UTF-8. A session cookie that is none is forgotten."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")
        if request.content_params and request.content_params.get("charset", "utf-8").lower() not in UTF_8:
            raise BadRequest("not UTF-8")
        if "HTTP_COOKIE" in request.META and not request.COOKIES.get(settings.SESSION_COOKIE_NAME, "x").isalnum():
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return self.get_response(request)


class BodyLimitMiddleware:
    """Refuses a body by its announced length, before anything reads it: strangers send forms, members pictures."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        length = int(announced) if announced.isascii() and announced.isdigit() else 0
        is_stranger = settings.SESSION_COOKIE_NAME not in request.COOKIES if length > STRANGER_AT_MOST else True
        if length > (STRANGER_AT_MOST if is_stranger else settings.BODY_MAX_BYTES):
            return HttpResponse(render_to_string("413.html"), status=413)
        return self.get_response(request)


class TrustedProxyMiddleware:
    """Believes X-Forwarded-… only from the proxies in TRUSTED_PROXIES (by default this machine), and drops it else.

    The client is the last address in X-Forwarded-For that is not a trusted proxy itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        trusted = settings.TRUSTED_PROXIES or ["127.0.0.0/8", "::1/128"]
        self.trusted = [ipaddress.ip_network(one, strict=False) for one in trusted]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not any(name in request.META for name in FORWARDED):
            return self.get_response(request)
        if self._trusts(request.META.get("REMOTE_ADDR", "")):
            chain = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
            client = next((hop for hop in reversed(chain) if not self._trusts(hop)), None)
            if client:
                request.META["REMOTE_ADDR"] = client
        else:
            for name in FORWARDED:
                request.META.pop(name, None)
        return self.get_response(request)

    def _trusts(self, address: str) -> bool:
        try:
            host = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(host in network for network in self.trusted)
