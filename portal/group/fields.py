"""Form fields whose choices are named rows, in the order of the reader's language."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from portal.group.models import Country, Topic, fold


class NamedIterator(ModelChoiceIterator):
    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        rows = sorted(self.queryset, key=lambda row: fold(row.name))
        yield from (self.choice(row) for row in rows)


class KindsIterator(ModelChoiceIterator):
    """Topics by name, under the name of their kind; kinds in the order of the model."""

    def __iter__(self) -> Iterator[Any]:
        topics = sorted(self.queryset, key=lambda topic: fold(topic.name))
        for kind in Topic.Kind:
            if choices := [self.choice(topic) for topic in topics if topic.kind == kind]:
                yield (kind.label, choices)


class CountryField(forms.ModelChoiceField):
    iterator = NamedIterator

    def __init__(self, **options: Any) -> None:
        super().__init__(Country.objects.all(), empty_label=_("Choose a country"), **options)


class TopicBoxes(forms.CheckboxSelectMultiple):
    """Each box carries the names and synonyms of its topic in every language, by which a module finds it."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        topic = getattr(option["value"], "instance", None)
        if topic is not None:
            option["attrs"]["data-words"] = "|".join(sorted({fold(word) for word in topic.words}))
        return option


class TopicsField(forms.ModelMultipleChoiceField):
    iterator = KindsIterator
    widget = TopicBoxes

    def __init__(self, **options: Any) -> None:
        super().__init__(Topic.objects.all(), **options)
