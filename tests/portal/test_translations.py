"""Every word of the portal stands in French and Spanish, and what is committed is what is compiled."""

import os
import re
import shutil
from pathlib import Path

import polib
import pytest
from django.core.management import call_command

from portal.environment import BASE_DIR

LANGUAGES = ["fr", "es"]
SOURCES = ["portal", "members", "events", "reporters", "stories", "templates", "scripts"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?\w+")
COPIED = {  # words that are the same in both languages
    "fr": {"Blog", "Communication", "Europe", "Facilitation", "Leadership", "Organisation", "Organisations", "Pages",
           "Podcast", "Reporters", "contact", "contacts", "document", "documents", "invitation", "invitations",
           "organisation", "page", "pages", "portrait"},
    "es": {"Asia", "Australia", "Blog", "Error %(code)s", "bytes", "no"},
}  # fmt: skip


def catalogue(language):
    return polib.pofile(BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.po")


def key(entry):
    return entry.msgctxt, entry.msgid


def forms(entry):
    """Every form in which an entry is translated."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def of_plural(entry, pattern):
    return set(pattern.findall(entry.msgid)) | set(pattern.findall(entry.msgid_plural))


@pytest.fixture(scope="session")
def gathered(tmp_path_factory):
    """The words that stand in code and templates, gathered anew; skipped without the package gettext."""
    if shutil.which("xgettext") is None:
        pytest.skip("needs the package gettext")
    folder = tmp_path_factory.mktemp("messages")
    for source in SOURCES:
        shutil.copytree(BASE_DIR / source, folder / source, ignore=shutil.ignore_patterns("__pycache__", "data"))
    (folder / "locale").mkdir()
    before = Path.cwd()
    os.chdir(folder)
    try:
        call_command("makemessages", locale=["fr"], keep_pot=True, verbosity=0)
    finally:
        os.chdir(before)
    return polib.pofile(folder / "locale" / "django.pot")


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_hold_the_words_of_the_code_and_no_others(language, gathered):
    committed = {key(entry) for entry in catalogue(language) if not entry.obsolete}
    wanted = {key(entry) for entry in gathered}
    assert (sorted(map(str, wanted - committed)), sorted(map(str, committed - wanted))) == ([], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_whole(language):
    entries = catalogue(language)
    assert len(entries) > 300
    assert [entry.msgid for entry in entries if entry.obsolete or entry.fuzzy or not all(forms(entry))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_not_copied(language):
    copied = {entry.msgid for entry in catalogue(language) if entry.msgid in forms(entry)}
    assert copied == COPIED[language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pattern", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
def test_translations_keep_what_is_filled_in(language, pattern):
    lost = []
    for entry in catalogue(language):
        given = of_plural(entry, pattern)
        for form in forms(entry):
            found = set(pattern.findall(form))
            if found - given or (given - found and not entry.msgid_plural):
                lost.append((entry.msgid, sorted(given ^ found)))
    assert lost == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_that_are_compiled_are_those_that_are_written(language):
    compiled = polib.mofile(BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.mo")
    written = {key(entry): forms(entry) for entry in catalogue(language)}
    assert {key(entry): forms(entry) for entry in compiled} == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_of_the_navigation_fit_a_phone(language):
    words = {entry.msgid: entry.msgstr for entry in catalogue(language) if not entry.msgid_plural}
    reports = next(entry.msgstr for entry in catalogue(language) if key(entry) == ("navigation, a verb", "Report"))
    shown = [words["Members"], words["Events"], words["Coverage"], reports, words["More"]]
    assert sum(map(len, shown)) <= 36, shown
