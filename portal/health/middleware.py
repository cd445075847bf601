import ipaddress
import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

log = logging.getLogger("portal.request")
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


class SoundAddressMiddleware:
    """Refuses addresses that hold a NUL: no link of ours does, and PostgreSQL would end the request with an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")
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
