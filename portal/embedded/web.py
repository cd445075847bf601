"""The web application as the supervisor starts it: a worker process ends with the server that made it."""

from portal.embedded.tether import tie

tie()

from portal.wsgi import application  # noqa: E402 - tied first, so that nothing is left behind while it loads

__all__ = ["application"]
