from __future__ import annotations

from pathlib import PurePosixPath

from django.conf import settings
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from portal.group.models import RICH_TEXT


class Package(models.Model):
    """What prospects get to read: texts and documents in each language. A version that was sent stays as it is."""

    name = models.CharField(_("name"), max_length=120)
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        ordering = ["name", "-version"]
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="package_version_once")]

    def __str__(self) -> str:
        return _("%(name)s, version %(version)s") % {"name": self.name, "version": self.version}

    @property
    def is_locked(self) -> bool:
        """Whether somebody was sent this version."""
        return self.drives.exclude(started_at=None).exists()

    def text(self, language: str | None = None) -> PackageText | None:
        """The landing page in this language, else in English, else in any."""
        wanted = [language or get_language() or "en", "en"]
        texts = {text.language: text for text in self.texts.all()}
        return next((texts[one] for one in wanted if one in texts), next(iter(texts.values()), None))

    def documents_for(self, language: str) -> list[Document]:
        """Those in this language and those for all."""
        return [one for one in self.documents.all() if one.language in {"", language}]


class PackageText(models.Model):
    """The landing page of a package in one language."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="texts", verbose_name=_("package"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=120)
    body = ProseEditorField(_("text"), extensions=RICH_TEXT, sanitize=True, blank=True)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["package", "language"], name="packagetext_once_a_language")]

    def __str__(self) -> str:
        return self.title


class Document(models.Model):
    """A file of a package, such as a leaflet."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="documents", verbose_name=_("package"))
    language = models.CharField(
        _("language"), blank=True, max_length=5, choices=settings.LANGUAGES, help_text=_("Empty: for all languages.")
    )
    title = models.CharField(_("title"), max_length=120)
    file = models.FileField(
        _("file"), upload_to="packages/%Y", validators=[FileExtensionValidator(["pdf", "docx", "odt", "pptx", "odp"])]
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @property
    def format(self) -> str:
        """ "PDF" of "leaflet.pdf"."""
        return PurePosixPath(self.file.name or "").suffix[1:].upper()
