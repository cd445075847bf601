"""Gathers the admin of the reporters' rooms."""

from reporters.coverage import admin as coverage

__all__ = ["coverage"]
