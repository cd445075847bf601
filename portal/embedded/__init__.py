"""PostgreSQL and Valkey from wheels, for a machine that has neither, and the supervisor of all processes."""


class ServiceError(Exception):
    """A service cannot run here; the message is one sentence for whoever started it."""
