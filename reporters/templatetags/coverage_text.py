"""Showing what reporters wrote as plain text."""

import re

from django import template
from django.utils.html import conditional_escape, format_html, urlize
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
BLANK_LINE = re.compile(r"\n\s*\n")


@register.filter
def report(text: str) -> SafeString:
    """Plain text as paragraphs; a paragraph whose lines start with “>” as quotation; links as links; all escaped."""
    blocks = (block.strip() for block in BLANK_LINE.split(text.replace("\r\n", "\n").replace("\r", "\n")))
    # safe: `_block` escapes every word of the text before it adds a tag
    return mark_safe("\n".join(_block(block) for block in blocks if block))  # noqa: S308


def _block(block: str) -> str:
    lines = block.split("\n")
    if all(line.lstrip().startswith(">") for line in lines):
        inner = _lines([line.lstrip()[1:].strip() for line in lines])
        return format_html("<blockquote><p>{}</p></blockquote>", inner)
    return format_html("<p>{}</p>", _lines(lines))


def _lines(lines: list[str]) -> SafeString:
    linked = (urlize(conditional_escape(line), nofollow=True) for line in lines)
    return mark_safe("<br>".join(linked))  # noqa: S308 - escaped line by line


@register.filter
def opening(text: str) -> str:
    """The first paragraph that is no quotation, as plain text."""
    blocks = [block.strip() for block in BLANK_LINE.split(text.replace("\r\n", "\n"))]
    return next(
        (block for block in blocks if block and not block.startswith(">")),
        blocks[0].lstrip("> ") if blocks else "",
    )
