"""One piece of work counts once: the same link, written in many ways, belongs to one piece of coverage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporters.coverage import services
from reporters.coverage.models import Post, link_key
from tests import factories

LINK = "https://blog.example.org/mangroves"
SAME = [
    LINK,
    "http://blog.example.org/mangroves",
    "https://www.blog.example.org/mangroves/",
    "https://BLOG.example.org/mangroves#comments",
]
OTHER = ["https://blog.example.org/Mangroves", f"{LINK}?page=2", "https://example.org/mangroves"]


@pytest.mark.django_db
@pytest.mark.parametrize("link", SAME)
def test_coverage_hand_in_with_known_link_is_refused(link):
    factories.submitted(link=LINK)
    coverage = factories.draft(link=link)
    with pytest.raises(services.LinkKnownError) as refusal:
        services.hand_in(coverage, by=coverage.author)
    coverage.refresh_from_db()
    assert str(refusal.value) == "This link has been handed in before. One piece of work counts once."
    assert (coverage.status, Post.objects.count()) == ("draft", 1)


@pytest.mark.django_db
@pytest.mark.parametrize("link", OTHER)
def test_coverage_hand_in_with_another_link_keeps_both(link):
    factories.submitted(link=LINK)
    factories.submitted(link=link)
    assert set(Post.objects.values_list("url", flat=True)) == {LINK, link}


@pytest.mark.django_db
def test_coverage_hand_in_again_after_withdrawal_keeps_its_link():
    coverage = factories.submitted(link=LINK)
    services.withdraw(coverage, by=coverage.author)
    services.hand_in(coverage, by=coverage.author)
    assert Post.objects.get().coverage == coverage


@pytest.mark.django_db
def test_coverage_withdrawn_gives_its_link_free():
    coverage = factories.submitted(link=LINK)
    services.withdraw(coverage, by=coverage.author)
    assert factories.submitted(link=LINK).posts.get().url == LINK


@given(
    st.from_regex(r"[a-z]{1,8}(\.[a-z]{2,5}){1,2}", fullmatch=True),
    st.from_regex(r"(/[a-z0-9]{1,6}){0,3}", fullmatch=True),
)
def test_link_key_of_any_spelling_is_the_same(host, path):
    plain = link_key(f"https://{host}{path}")
    assert {link_key(f"http://www.{host}{path}/#top"), link_key(f" https://{host.upper()}{path}/ ")} == {plain}
