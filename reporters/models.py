"""Gathers the models of the reporters' rooms."""

from reporters.coverage.models import Coverage, Photo, Post

__all__ = ["Coverage", "Photo", "Post"]
