"""Keeping parts of pages that are the same for everybody: head, header and footer are half of a small page's work."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.translation import get_language

from portal.shared.kept import once_a_change

register = template.Library()


class KeepNode(template.Node):
    def __init__(self, inner: NodeList, name: str, unless: FilterExpression, by: Iterable[FilterExpression]) -> None:
        self.inner, self.name, self.unless, self.by = inner, name, unless, list(by)

    def render(self, context: Any) -> Any:
        if self.unless.resolve(context, ignore_failures=True):
            return self.inner.render(context)
        words = "|".join(str(one.resolve(context, ignore_failures=True)) for one in self.by)
        return once_a_change(f"part|{self.name}|{get_language()}|{words}", lambda: self.inner.render(context))


@register.tag
def keep(parser: Parser, token: Token) -> KeepNode:
    """`{% keep name unless by … %}…{% endkeep %}`: kept by language and the values `by`, until content changes.

    Where `unless` is true, as for a reader with a session, the part is rendered anew.
    """
    _tag, name, unless, *by = token.split_contents()
    inner = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(inner, name, parser.compile_filter(unless), [parser.compile_filter(one) for one in by])
