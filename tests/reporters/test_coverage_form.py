"""Writing coverage on a bad network: whatever was typed or sent is kept before anything is refused."""

from uuid import uuid4

import pytest

from reporters.coverage.models import Coverage, Photo
from tests import factories, pictures

pytestmark = pytest.mark.django_db
NEW = "/coverage/new/"


@pytest.fixture
def author():
    return factories.member("Ada Obi").user


@pytest.fixture
def writing(signed_in, author):
    return signed_in(author)


def typed(**changes):
    """A whole form; `event` may be left out by None."""
    data = {"headline": "The tables left the room", "body": "We sat outside.", "language": "en", "link": "",
            "client_key": str(uuid4()), "event": factories.event().pk}  # fmt: skip
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


def handed_in(**changes):
    return typed(hand_in="1", **changes)


def test_coverage_form_whole_is_handed_in(writing):
    response = writing.post(NEW, handed_in())
    coverage = Coverage.objects.get()
    assert (coverage.status, response["Location"]) == ("submitted", coverage.get_absolute_url())


def test_coverage_form_with_photos_and_descriptions_is_handed_in(writing):
    photos = [pictures.jpeg("a.jpg"), pictures.on_its_side("HEIF", "b.heic")]
    writing.post(NEW, handed_in(photos=photos, photo_alt=["The hall", "The tree"]))
    assert Coverage.objects.get().status == "submitted"
    assert list(Photo.objects.values_list("alt", "position")) == [("The hall", 1), ("The tree", 2)]


def test_coverage_form_that_is_empty_makes_no_draft(writing):
    response = writing.post(NEW, {"save": "1", "language": "en"})
    assert (response.status_code, Coverage.objects.count()) == (200, 0)


def test_coverage_form_saved_as_draft_needs_a_word(writing):
    response = writing.post(NEW, {"save": "1", "language": "en", "body": "The tables left."})
    coverage = Coverage.objects.get()
    assert (coverage.status, response["Location"]) == ("draft", f"{coverage.get_absolute_url()}edit/")


@pytest.mark.parametrize("field", ["event", "headline", "body"])
def test_coverage_form_with_missing_field_is_answered_at_the_field_and_keeps_the_rest(writing, field):
    response = writing.post(NEW, handed_in(**{field: ""}))
    coverage = Coverage.objects.get()
    assert (response.status_code, list(response.context["form"].errors), coverage.status) == (200, [field], "draft")
    kept = {"event": bool(coverage.event), "headline": bool(coverage.headline), "body": bool(coverage.body)}
    assert kept == {name: name != field for name in kept}
    assert f'action="{coverage.get_absolute_url()}edit/"' in response.text


def test_coverage_form_with_bad_link_keeps_what_was_typed_in_every_field(writing):
    response = writing.post(NEW, handed_in(link="not a link", headline="Ñandú", body="Line\n\n> Quote"))
    coverage = Coverage.objects.get()
    assert list(response.context["form"].errors) == ["link"]
    assert [word in response.text for word in ("not a link", "Ñandú", "&gt; Quote")] == [True] * 3
    assert (coverage.headline, coverage.body.replace("\r\n", "\n"), coverage.link) == ("Ñandú", "Line\n\n> Quote", "")


def test_coverage_form_with_known_link_is_answered_at_the_link(writing):
    factories.submitted(link="https://example.org/a")
    response = writing.post(NEW, handed_in(link="http://www.example.org/a/", headline="Mine"))
    words = "This link has been handed in before. One piece of work counts once."
    assert response.context["form"].errors == {"link": [words]}
    assert Coverage.objects.get(headline="Mine").status == "draft"


def test_coverage_form_link_without_scheme_is_taken_for_https(writing):
    writing.post(NEW, handed_in(link="example.org/a"))
    assert Coverage.objects.get().link == "https://example.org/a"


@pytest.mark.parametrize("what", pictures.SENT)
def test_coverage_form_with_a_bad_photo_keeps_the_good_ones_and_the_text(writing, what):
    photos = [pictures.jpeg("a.jpg"), pictures.REFUSED[what](), pictures.jpeg("c.jpg")]
    response = writing.post(NEW, handed_in(photos=photos, photo_alt=["First", "Bad", "Third"]))
    coverage = Coverage.objects.get()
    assert (response.status_code, coverage.status, coverage.headline) == (200, "draft", "The tables left the room")
    assert list(coverage.photos.values_list("alt", flat=True)) == ["First", "Third"]
    (words,) = response.context["form"].errors["photos"]
    assert words.startswith(f"{photos[1].name}: This ")


def test_coverage_form_with_a_photo_that_is_too_large_says_how_large(writing, settings):
    settings.PHOTO_MAX_BYTES = 2**20
    response = writing.post(NEW, handed_in(photos=[pictures.upload(b"x" * (2**21 + 1), "big.jpg")]))
    (words,) = response.context["form"].errors["photos"]
    assert words == "big.jpg: This picture has 2 MB. Up to 1 MB can be taken."


def test_coverage_form_with_an_undescribed_photo_asks_for_the_description(writing):
    response = writing.post(NEW, handed_in(photos=[pictures.jpeg()]))
    (form,) = response.context["photo_forms"]
    words = "Say in a few words what the picture shows, for people who cannot see it."
    assert form.errors == {"alt": [words]}
    assert (Coverage.objects.get().status, response.text.count(words)) == ("draft", 2)


def test_coverage_form_with_a_description_added_is_handed_in(writing, author):
    coverage = factories.draft(author, photos=1)
    photo = coverage.photos.get()
    data = handed_in(event=coverage.event.pk) | {f"photo-{photo.pk}-alt": "The tree"}
    writing.post(f"{coverage.get_absolute_url()}edit/", data)
    photo.refresh_from_db()
    coverage.refresh_from_db()
    assert (photo.alt, coverage.status) == ("The tree", "submitted")


def test_coverage_form_removes_the_photo_that_was_asked_for(writing, author):
    coverage = factories.draft(author, photos=2)
    first = coverage.photos.first()
    writing.post(f"{coverage.get_absolute_url()}edit/", typed(save="1", remove=first.pk))
    assert list(coverage.photos.values_list("alt", flat=True)) == ["Picture 2"]


def test_coverage_form_removes_no_photo_of_somebody_else(writing, author):
    mine, other = factories.draft(author, photos=1), factories.draft(photos=1)
    writing.post(f"{mine.get_absolute_url()}edit/", typed(save="1", remove=other.photos.get().pk))
    assert Photo.objects.count() == 2


def test_coverage_form_sent_twice_makes_one_draft(writing):
    data = typed(save="1")
    for _time in range(2):
        writing.post(NEW, data)
    assert Coverage.objects.count() == 1


def test_coverage_form_sent_again_after_it_was_handed_in_changes_nothing(writing):
    data = handed_in()
    writing.post(NEW, data)
    response = writing.post(NEW, data | {"headline": "Another"})
    coverage = Coverage.objects.get()
    assert (coverage.headline, response["Location"]) == ("The tables left the room", coverage.get_absolute_url())


@pytest.mark.parametrize("key", ["", "nonsense", "x" * 5000])
def test_coverage_form_with_a_bad_key_is_still_kept(writing, key):
    writing.post(NEW, typed(save="1", client_key=key))
    assert Coverage.objects.get().headline == "The tables left the room"


@pytest.mark.parametrize(("days", "is_offered"), [(-400, False), (-300, True), (0, True), (29, True), (40, False)])
def test_coverage_form_offers_events_of_a_year_and_the_next_month(writing, days, is_offered):
    event = factories.event(in_days=days)
    offered = writing.get(NEW).context["form"].fields["event"].queryset
    assert (event in offered) is is_offered


def test_coverage_form_offers_no_event_that_is_a_draft(writing):
    event = factories.event(status="draft")
    response = writing.post(NEW, handed_in(event=event.pk))
    assert list(response.context["form"].errors) == ["event"]


def test_coverage_form_from_an_events_page_has_it_chosen(writing):
    event = factories.event(slug="mangroves")
    assert writing.get(f"{NEW}?event=mangroves").context["form"].initial["event"] == event


def test_coverage_form_of_somebody_else_is_not_found(writing):
    assert writing.get(f"{factories.draft().get_absolute_url()}edit/").status_code == 404


def test_coverage_form_of_a_visitor_leads_to_sign_in_and_back(client):
    assert client.get(f"{NEW}?event=x")["Location"] == "/accounts/login/?next=/coverage/new/%3Fevent%3Dx"


def test_coverage_form_of_an_applicant_leads_to_joining(signed_in):
    assert signed_in(factories.user()).get(NEW)["Location"] == "/join/"


def test_coverage_withdrawn_can_be_written_on(writing, author):
    coverage = factories.submitted(author)
    response = writing.post(f"{coverage.get_absolute_url()}withdraw/")
    assert writing.get(response["Location"]).context["form"].instance == coverage


@pytest.mark.parametrize(("action", "state"), [("withdraw", "approved"), ("discard", "submitted")])
def test_coverage_action_in_the_wrong_state_is_refused_with_a_sentence(writing, author, action, state):
    coverage = factories.IN_STATE[state](author)
    response = writing.post(f"{coverage.get_absolute_url()}{action}/", follow=True)
    (message,) = response.context["messages"]
    assert (message.level_tag, Coverage.objects.get().status) == ("error", state)


@pytest.mark.parametrize("language", ["fr", "es"])
def test_coverage_form_in_another_language_is_written_in_it(writing, language):
    assert writing.get(f"/{language}{NEW}").context["form"].initial["language"] == language
