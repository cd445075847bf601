from __future__ import annotations

import re
import unicodedata
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField
from simple_history.models import HistoricalRecords

from portal.group.colours import COLOUR, FOREST_ON_DARK, FOREST_ON_LIGHT, legible_on_dark, legible_on_light
from portal.group.names import Named, localised

RICH_TEXT: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "TableRow": True,
    "TableCell": True,
    "TableHeader": True,
    "History": True,
}
TAG = RegexValidator(r"^\w{2,50}$", _("A tag has letters, digits and underscores only, without the #."))


class SpecialtyGroupManager(models.Manager["SpecialtyGroup"]):
    def current(self) -> SpecialtyGroup:
        """The one row; the first migration made it."""
        return self.get(pk=1)


class SpecialtyGroup(Named):
    """The group itself, one row. Renaming the group is editing it: no name stands in code or addresses."""

    name_en = models.CharField(_("full name in English"), max_length=120)
    name_fr = models.CharField(_("full name in French"), max_length=120, blank=True)
    name_es = models.CharField(_("full name in Spanish"), max_length=120, blank=True)
    short_name_en = models.CharField(_("short name in English"), max_length=40)
    short_name_fr = models.CharField(_("short name in French"), max_length=40, blank=True)
    short_name_es = models.CharField(_("short name in Spanish"), max_length=40, blank=True)
    parent_en = models.CharField(_("what it belongs to, in English"), max_length=120, blank=True)
    parent_fr = models.CharField(_("what it belongs to, in French"), max_length=120, blank=True)
    parent_es = models.CharField(_("what it belongs to, in Spanish"), max_length=120, blank=True)
    tag = models.CharField(
        _("set tag"),
        max_length=50,
        validators=[TAG],
        help_text=_("Without the #. What people write with it is gathered here."),
    )
    former_tags = ArrayField(
        models.CharField(max_length=50, validators=[TAG]),
        verbose_name=_("former tags"),
        default=list,
        blank=True,
        help_text=_("Separated by commas. They go on working: on the wall and wherever coverage is gathered."),
    )
    sender_name = models.CharField(_("name of the sender of mails"), max_length=80)
    sender_address = models.EmailField(_("address of the sender of mails"))
    reply_to = models.EmailField(
        _("address for replies"), blank=True, help_text=_("Empty: replies go to the sender’s address.")
    )
    postal_address = models.TextField(_("postal address"), blank=True, help_text=_("Stands at the foot of every mail."))
    weekly_cap = models.PositiveSmallIntegerField(
        _("mails to many, at most so many a week to one person"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(7)],
        help_text=_("Counts invitations, circulars and digests together. Answers, decisions and sign-in always leave."),
    )
    colour = models.CharField(
        _("colour on a light ground"),
        max_length=7,
        validators=[COLOUR, legible_on_light],
        default=FOREST_ON_LIGHT,
        help_text=_("Of links and buttons. As # and six digits, such as #1d4a37."),
    )
    colour_dark = models.CharField(
        _("colour on a dark ground"),
        max_length=7,
        validators=[COLOUR, legible_on_dark],
        default=FOREST_ON_DARK,
        help_text=_("Of links and buttons for readers who prefer a dark screen."),
    )
    languages = ArrayField(
        models.CharField(max_length=5, choices=settings.LANGUAGES),
        verbose_name=_("languages offered"),
        default=list,
    )
    history = HistoricalRecords(related_name="past")

    objects = SpecialtyGroupManager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("group")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="specialtygroup_one_row"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("home")

    @property
    def short_name(self) -> str:
        return localised(self, "short_name")

    @property
    def parent(self) -> str:
        return localised(self, "parent")

    @property
    def has_own_colours(self) -> bool:
        return (self.colour, self.colour_dark) != (FOREST_ON_LIGHT, FOREST_ON_DARK)

    @property
    def sender(self) -> str:
        """The From of mails, with the name quoted as RFC 5322 asks."""
        name = self.sender_name.replace("\\", "").replace('"', "")
        return f'"{name}" <{self.sender_address}>'

    @property
    def tags(self) -> list[str]:
        return [self.tag, *self.former_tags]

    def owns_tag(self, tag: str) -> bool:
        return tag.casefold() in {one.casefold() for one in self.tags}


class Region(Named):
    """One of the statutory regions of IUCN, editable since IUCN may change them."""

    slug = models.SlugField(_("address word"), unique=True)
    history = HistoricalRecords(related_name="past")

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["name_en"]


class Country(Named):
    """A country or territory of ISO 3166-1."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="countries", verbose_name=_("region"))
    code = models.CharField(_("ISO code"), max_length=2, unique=True, validators=[RegexValidator(r"^[A-Z]{2}$")])
    zone = models.CharField(_("time zone"), max_length=40)
    history = HistoricalRecords(related_name="past")

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["name_en"]


def fold(text: str) -> str:
    """Lower case, without accents and with plain apostrophes: how names and synonyms are compared."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).strip()


class Topic(Named):
    """A subject of learning, from a short list that the coordinators keep; synonyms lead to it."""

    class Kind(models.TextChoices):
        LEARNING = "learning", _("Learning")
        LEADERSHIP = "leadership", _("Leadership")
        COMMUNICATION = "communication", _("Communication")
        EDUCATION = "education", _("Education")
        ORGANISATION = "organisation", _("Organisations")
        PROCESS = "process", _("Processes")

    slug = models.SlugField(_("address word"), unique=True)
    kind = models.CharField(_("group of topics"), max_length=20, choices=Kind)
    synonyms = ArrayField(
        models.CharField(max_length=80),
        verbose_name=_("synonyms"),
        default=list,
        blank=True,
        help_text=_("In any language, separated by commas. A synonym belongs to one topic."),
    )
    description_en = models.TextField(_("description in English"), blank=True)
    history = HistoricalRecords(related_name="past")

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name_en"]

    def clean(self) -> None:
        mine = {fold(word) for word in self.words}
        for other in Topic.objects.exclude(pk=self.pk):
            if shared := mine & {fold(word) for word in other.words}:
                raise ValidationError(
                    {
                        "synonyms": _("“%(word)s” already belongs to the topic %(topic)s.")
                        % {"word": shared.pop(), "topic": other.name}
                    }
                )

    @property
    def words(self) -> list[str]:
        """Every name and synonym, in any language."""
        return [word for word in [self.name_en, self.name_fr, self.name_es, *self.synonyms] if word]


class PageQuerySet(models.QuerySet["Page"]):
    def published(self) -> Self:
        return self.filter(is_published=True)

    def in_menu(self) -> Self:
        return self.published().filter(menu_place__gt=0).order_by("menu_place", "slug")

    def with_texts(self) -> Self:
        return self.prefetch_related("texts")


class Page(models.Model):
    """A page of the site that coordinators write, in one or more languages."""

    slug = models.SlugField(_("address word"), unique=True, help_text=_("The page’s address is /pages/ and this word."))
    menu_place = models.PositiveSmallIntegerField(
        _("place in the menu"), default=0, help_text=_("0: not in the menu. Lower numbers stand first.")
    )
    is_published = models.BooleanField(_("published"), default=False)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)
    history = HistoricalRecords(related_name="past")

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["menu_place", "slug"]

    def __str__(self) -> str:
        return self.title or self.slug

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug])

    @property
    def text(self) -> PageText | None:
        """The text in the reader's language, else in English, else in the language there is."""
        texts = {text.language: text for text in self.texts.all()}
        language = (get_language() or "en").split("-")[0]
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), None)

    @property
    def title(self) -> str:
        return self.text.title if self.text else ""


class PageText(models.Model):
    """A page's words in one language. The body is stored sanitised by the editor's own allow-list."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="texts", verbose_name=_("page"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One sentence under the title and in search results."),
    )
    body = ProseEditorField(_("text"), extensions=RICH_TEXT, sanitize=True, blank=True)
    history = HistoricalRecords(related_name="past")

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "language"],
                name="pagetext_once_a_language",
                violation_error_message=_("This page already has a text in this language."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


SAFE_FILE = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|odt|ods|odp|epub|csv|txt|png|jpe?g|webp|zip)$", re.IGNORECASE)


def check_file_name(file: Any) -> None:
    """Refuse what a browser might run: HTML, SVG, scripts, programs."""
    if not SAFE_FILE.search(file.name):
        raise ValidationError(_("Files of this kind cannot be offered. PDF, office documents and pictures can."))


class PageFile(models.Model):
    """A file that a page offers for download."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="files", verbose_name=_("page"))
    file = models.FileField(_("file"), upload_to="pages/%Y", validators=[check_file_name])
    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, blank=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title
