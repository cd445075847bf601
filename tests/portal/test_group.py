"""The group, its pages and topics: renaming, colours that can be read, words that belong to one topic."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from portal.contacts.models import Contact, normalise
from portal.group import colours
from portal.group.forms import SpecialtyGroupForm
from portal.group.models import Page, PageFile, PageText, SpecialtyGroup, Topic
from tests import factories

pytestmark = pytest.mark.django_db


def renamed(**changes):
    """The form with what stands in the row, changed as somebody types it."""
    group = SpecialtyGroup.objects.current()
    data = {field.name: getattr(group, field.name) for field in group._meta.fields}
    data["former_tags"] = ",".join(group.former_tags)
    return SpecialtyGroupForm(data | changes, instance=group)


@pytest.mark.parametrize(
    ("before", "typed", "tag", "former"),
    [
        ([], "learninglead", "learninglead", ["iucncec"]),
        ([], "#learninglead", "learninglead", ["iucncec"]),
        ([], "iucncec", "iucncec", []),
        ([], "IUCNCEC", "IUCNCEC", []),
        (["older"], "learninglead", "learninglead", ["older", "iucncec"]),
        (["older"], "older", "older", ["iucncec"]),
        (["Older"], "older", "older", ["iucncec"]),
    ],
)
def test_group_with_a_new_tag_keeps_the_old_one_among_the_former(before, typed, tag, former):
    SpecialtyGroup.objects.update(former_tags=before)
    form = renamed(tag=typed)
    assert form.is_valid(), form.errors
    form.save()
    group = SpecialtyGroup.objects.current()
    assert (group.tag, group.former_tags) == (tag, former)


@pytest.mark.parametrize("tag", ["two words", "a", "", "x" * 51, "semi;colon", "#"])
def test_group_with_a_tag_that_is_none_is_refused_at_the_field(tag):
    assert list(renamed(tag=tag).errors) == ["tag"]


@pytest.mark.parametrize(
    ("field", "colour", "words"),
    [
        ("colour", "#eeeeee", "This colour is too light to be read on the page. Take a darker one."),
        ("colour", "#7f7f7f", "This colour is too light to be read on the page. Take a darker one."),
        ("colour_dark", "#1d4a37", "This colour is too dark to be read on a dark screen. Take a lighter one."),
        ("colour", "red", "Write a colour as # and six digits, such as #1d4a37."),
        ("colour", "#12;}*{", "Write a colour as # and six digits, such as #1d4a37."),
    ],
)
def test_group_with_a_colour_that_cannot_be_read_is_refused_with_a_sentence(field, colour, words):
    assert words in renamed(**{field: colour}).errors[field]


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#abcdef", "#abcdef", 1)]
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert colours.contrast(other, one) == colours.contrast(one, other)


HEX = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@given(HEX)
def test_colour_that_is_taken_is_legible(colour):
    for check, ground in (
        (colours.legible_on_light, colours.SHADE_LIGHT),
        (colours.legible_on_dark, colours.SHADE_DARK),
    ):
        try:
            check(colour)
        except ValidationError:
            continue
        assert colours.contrast(colour, ground) >= 4.5


def test_group_has_one_row():
    with pytest.raises(IntegrityError, match="specialtygroup_one_row"):
        SpecialtyGroup.objects.create(pk=2, name_en="Two", short_name_en="Two", tag="two")


@pytest.mark.parametrize(
    ("name", "sender"),
    [("Learning, Inc.", '"Learning, Inc." <portal@example.org>'), ('The "best"\\', '"The best" <portal@example.org>')],
)
def test_group_sender_is_quoted(name, sender):
    assert SpecialtyGroup(sender_name=name, sender_address="portal@example.org").sender == sender


def test_group_preview_shows_what_is_typed_and_saves_nothing(signed_in):
    desk = signed_in(factories.coordinator())
    data = renamed(short_name_fr="Essai & <b>", tag="newtag").data
    response = desk.post("/admin/portal/specialtygroup/preview/", data)
    assert "<mark>Essai &amp; &lt;b&gt;</mark>" in response.text
    assert "#newtag, #iucncec" in response.text
    assert SpecialtyGroup.objects.current().tag == "iucncec"


def test_group_renamed_shows_in_each_language_and_falls_back_to_english(client):
    SpecialtyGroup.objects.update(short_name_en="One", short_name_fr="Un", short_name_es="")
    brands = [client.get(path).text.partition("<header")[2].partition("</b>")[0] for path in ("/", "/fr/", "/es/")]
    assert [brand.rpartition("<b>")[2] for brand in brands] == ["One", "Un", "One"]


# --- pages ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("texts", "path", "title"),
    [
        ({"en": "About", "fr": "À propos"}, "/pages/about/", "About"),
        ({"en": "About", "fr": "À propos"}, "/fr/pages/about/", "À propos"),
        ({"en": "About", "fr": "À propos"}, "/es/pages/about/", "About"),
        ({"fr": "À propos"}, "/pages/about/", "À propos"),
        ({"fr": "À propos"}, "/es/pages/about/", "À propos"),
    ],
)
def test_page_is_shown_in_the_readers_language_else_in_english_else_in_what_there_is(client, texts, path, title):
    factories.page("about", **texts)
    assert client.get(path).context["text"].title == title


def test_page_in_another_language_than_the_readers_says_which(client):
    factories.page("about", en="About")
    text = client.get("/fr/pages/about/").text
    assert '<html lang="fr"' in text
    assert 'lang="en"' in text.partition("<main")[2]


def test_page_in_the_menu_stands_in_it_in_its_place_and_language(client):
    factories.page("second", menu_place=2, en="Second")
    factories.page("first", menu_place=1, en="First", fr="Premier")
    factories.page("none", menu_place=0, en="None of these")
    factories.page("hidden", menu_place=3, is_published=False, en="Hidden one")
    text = client.get("/fr/events/").text
    assert 0 < text.index("Premier") < text.index("Second")
    assert ("None of these" in text, "Hidden one" in text) == (False, False)


def test_page_body_is_stored_without_what_could_run():
    page = factories.page("about")
    text = page.texts.get()
    text.body = '<h2>Us</h2><script>alert(1)</script><p onclick="x()">We <a href="javascript:x">a</a></p><img src=x>'
    text.full_clean()
    text.save()
    body = PageText.objects.get().body
    assert "<h2>Us</h2>" in body
    assert [word for word in ("script", "onclick", "<img") if word in body] == []


def test_page_with_two_texts_in_one_language_is_refused():
    page = factories.page("about", en="About")
    with pytest.raises(ValidationError) as refusal:
        PageText(page=page, language="en", title="Again").full_clean()
    assert refusal.value.messages == ["This page already has a text in this language."]


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [("a.pdf", True), ("A.DOCX", True), ("a.svg", False), ("a.html", False), ("a.pdf.exe", False), ("a", False)],
)
def test_page_file_that_could_run_is_refused(name, is_taken):
    file = PageFile(page=factories.page(), file=SimpleUploadedFile(name, b"x"), title="A")
    if is_taken:
        file.full_clean()
        assert PageFile.objects.count() == 0
    else:
        with pytest.raises(ValidationError) as refusal:
            file.full_clean()
        assert list(refusal.value.message_dict) == ["file"]


def test_page_without_a_text_is_shown_by_its_address_word(client):
    page = Page.objects.create(slug="bare", is_published=True)
    assert (str(page), client.get("/pages/bare/").status_code) == ("bare", 200)


# --- topics ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("word", ["social learning", "SOCIAL  learning".replace("  ", " "), "Apprentissage social"])
def test_topic_with_a_word_of_another_is_refused_with_its_name(word):
    other = Topic.objects.create(slug="other-topic", kind="learning", name_en="Zzz", synonyms=["Social learning x"])
    other.synonyms = [word]
    with pytest.raises(ValidationError) as refusal:
        other.full_clean()
    assert list(refusal.value.message_dict) == ["synonyms"]


def test_topic_with_its_own_words_is_taken():
    topic = Topic.objects.first()
    topic.full_clean()
    assert topic.words[0] == topic.name_en


def test_topics_that_came_with_the_portal_share_no_words():
    for topic in Topic.objects.all():
        topic.full_clean()
    assert Topic.objects.count() == 44


# --- addresses in the world -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ada@Example.ORG ", "ada@example.org"),
        ("zoe\u0301@example.org", "zo\u00e9@example.org"),
        ("ada@Bücher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_contact_address_is_kept_in_one_form(typed, kept):
    assert normalise(typed) == kept
    first, again = Contact.objects.of(typed), Contact.objects.of(kept)
    assert (first.pk, Contact.objects.count()) == (again.pk, 1)


@pytest.mark.parametrize("typed", ["", "ada", "@example.org", "ada@"])
def test_contact_address_that_is_none_is_refused(typed):
    with pytest.raises(ValueError):
        normalise(typed)
