"""What a service says when it will not do something."""


class Refusal(Exception):  # noqa: N818 - the parent of the services' errors, named for what it is
    """A change that a rule forbids. Its words are written for whoever asked, and safe to show."""
