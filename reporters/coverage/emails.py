from portal.outbox import services as outbox
from reporters.coverage.models import Coverage


def approved(coverage: Coverage) -> None:
    _write(coverage, "coverage_approved")


def declined(coverage: Coverage) -> None:
    _write(coverage, "coverage_declined")


def _write(coverage: Coverage, message: str) -> None:
    if coverage.author is not None:
        outbox.write(coverage.author, f"reporters/email/{message}", {"coverage": coverage}, kind=message)
