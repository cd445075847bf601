"""Tests with a real browser before a running portal."""

import pytest

pytest.register_assert_rewrite(*(f"{__name__}.{name}" for name in ("mail", "people", "stack", "steps")))
