"""Links to members' own places: kept, looked at at real sites, confirmed, and asked for consent to their feeds."""

from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from members.directory import services as directory
from members.directory.models import Link
from members.links import pages, services, tasks
from portal.fetch import LIMIT, Reply
from tests import factories
from tests.portal.sites import Site, leads_to, page

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
FEED = b'<link rel="alternate" type="application/rss+xml" href="/feed.xml">'


def ours(path="/members/ada-obi/", tag="a"):
    return f'<{tag} rel="nofollow ME" href="http://localhost:8000{path}">me</{tag}>'.encode()


@pytest.fixture
def site(settings):
    settings.BASE_URL = "http://localhost:8000"
    with Site({"/": page(ours() + FEED, content_type="text/html")}) as found:
        settings.FETCH_ALLOWED = {("127.0.0.1", found.port)}
        yield found


@pytest.fixture
def link(site):
    member = factories.member("Ada Obi")
    directory.set_links(member, [site.url("/")])
    return member.links.get()


def looked(link, *, after=timedelta()):
    """The link after another look."""
    link.refresh_from_db()
    services.look_at(link, now=NOW + after)
    return Link.objects.get(pk=link.pk)


# --- confirmed ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("body", "is_confirmed"),
    [
        (ours(), True),
        (ours(tag="link"), True),
        (ours("/fr/members/ada-obi"), True),
        (ours("/members/ada-obi/?from=blog#top"), True),
        (b"<A HREF=' HTTP://www.LOCALHOST:8000/members/ada-obi ' REL=me>", True),
        (b"<base href='http://localhost:8000/members/'><a rel=me href=ada-obi/>", True),
        (b"<a rel=me href='&#104;ttp://localhost:8000/members/ada-obi/'>", True),
        (ours("/members/somebody-else/"), False),
        (b"<a href='http://localhost:8000/members/ada-obi/'>no rel</a>", False),
        (b"<a rel=home href='http://localhost:8000/members/ada-obi/'>", False),
        (b"<!-- " + ours() + b" -->", False),
        (b"<script>" + ours() + b"</script>", False),
        (b"<a rel=me href='http://[::1/'><a rel=me href='javascript:1'><a rel=me>", False),
        (b"", False),
        (bytes(range(256)) * 20, False),
    ],
)
def test_link_is_confirmed_where_the_other_side_links_back(site, link, body, is_confirmed):
    site.pages["/"] = page(body)
    found = looked(link)
    assert (found.confirmed_at, found.checked_at) == (NOW if is_confirmed else None, NOW)


def test_link_stays_confirmed_since_it_was_and_not_once_the_other_side_forgets(site, link):
    day = timedelta(days=1)
    states = [looked(link).confirmed_at, looked(link, after=day).confirmed_at]
    site.pages["/"] = page(b"a new design")
    states.append(looked(link, after=2 * day).confirmed_at)
    assert states == [NOW, NOW, None]


@pytest.mark.parametrize("answer", [page(b"", status=500), page(b"", status=403), page(b"x" * (LIMIT + 1))])
def test_link_keeps_what_was_known_while_the_site_has_trouble(site, link, answer):
    looked(link)
    site.pages["/"] = answer
    found = looked(link, after=timedelta(days=1))
    assert (found.confirmed_at, found.feed) == (NOW, site.url("/feed.xml"))
    assert found.checked_at == NOW + timedelta(days=1)


def test_link_keeps_what_was_known_while_the_site_is_away(site, link):
    looked(link)
    site.shutdown()
    site.server_close()
    assert looked(link).confirmed_at == NOW


def test_link_to_a_page_that_is_gone_is_confirmed_no_more(site, link):
    looked(link)
    site.pages["/"] = page(b"", status=404)
    assert (looked(link).confirmed_at, looked(link).feed) == (None, "")


def test_link_follows_a_redirect_inside_its_site_alone(site, link, settings):
    site.pages["/there"] = page(ours())
    site.pages["/"] = leads_to(site.url("/there"))
    assert looked(link).confirmed_at == NOW
    site.pages["/"] = leads_to(f"http://localhost:{site.port}/there")
    settings.FETCH_ALLOWED |= {("::1", site.port)}
    assert looked(link).confirmed_at is None


# --- feeds ----------------------------------------------------------------------------------------------------------
def told(body, kind="text/html", url="https://example.org/blog/"):
    return pages.read(Reply(200, url, {"content-type": kind}, body))


@pytest.mark.parametrize(
    ("body", "kind", "feed"),
    [
        (FEED, "text/html", "https://example.org/feed.xml"),
        (
            b"<link type=application/atom+xml rel='alternate me' href=atom>",
            "text/html",
            "https://example.org/blog/atom",
        ),
        (b"<link rel=alternate type=application/feed+json href=//f.example/j>", "text/html", "https://f.example/j"),
        (FEED + b"<link rel=alternate type=application/rss+xml href=/comments>", "", "https://example.org/feed.xml"),
        (b"<base href=/x/><link rel=alternate type=application/rss+xml href=f>", "", "https://example.org/x/f"),
        (b"<link rel=alternate type=text/html hreflang=fr href=/fr>", "text/html", ""),
        (b"<link rel=alternate type=application/rss+xml href=javascript:1>", "text/html", ""),
        (b"<?xml version='1.0'?>\n<rss version='2.0'></rss>", "text/xml", "https://example.org/blog/"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "application/octet-stream", "https://example.org/blog/"),
        (b"anything", "application/atom+xml; charset=utf-8", "https://example.org/blog/"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "application/json", "https://example.org/blog/"),
        (b'{"version": 3}', "application/json", ""),
        (b"{" * 100_000, "application/json", ""),
        (b"<!doctype html><rss>", "text/html", ""),
        (b"<link rel=alternate type=application/rss+xml href=/" + b"x" * 600 + b">", "text/html", ""),
    ],
)
def test_page_tells_where_its_feed_is(body, kind, feed):
    assert told(body, kind).feed == feed


@pytest.mark.parametrize(
    "piece", [b"<a ", b"<!--", b"<script", b"<div>", b"<a href='", b"&#x", b"<a rel=me href=x ", b"{"]
)
def test_page_of_a_villain_is_read_in_no_time(piece):
    began = monotonic()
    told(piece * (LIMIT // len(piece)))
    assert monotonic() - began < 5


def test_consent_follows_a_feed_inside_its_site_alone(site, link):
    link = looked(link)
    services.agree_to_harvest(link, agrees=True, now=NOW)
    site.pages["/"] = page(FEED.replace(b"/feed.xml", b"/rss"))
    assert looked(link).harvest_agreed_at == NOW
    site.pages["/"] = page(FEED.replace(b"/feed.xml", b"https://elsewhere.example/rss"))
    found = looked(link)
    assert (found.feed, found.harvest_agreed_at) == ("https://elsewhere.example/rss", None)


# --- the worker -----------------------------------------------------------------------------------------------------
def test_worker_looks_at_new_links_and_at_old_ones(site, link):
    assert [tasks.look(), tasks.look()] == [1, 0]
    Link.objects.update(checked_at=Link.objects.get().checked_at - timedelta(days=31))
    assert (tasks.look(), len(site.asked)) == (1, 2)


def test_worker_hands_over_when_its_spell_is_over(site, link):
    directory.set_links(link.member, [site.url("/"), site.url("/2"), site.url("/3")])
    assert [services.look_at_due(seconds=0) for _turn in range(4)] == [1, 1, 1, 0]


def test_worker_looks_at_no_links_of_who_is_no_member(site, link):
    link.member.user.is_active = False
    link.member.user.save()
    assert (tasks.look(), site.asked) == (0, [])


def test_link_saved_while_the_broker_is_away_is_found_by_the_sweep(site, link, broker_away, committed):
    with committed():
        directory.set_links(link.member, [site.url("/2")])
    assert tasks.look() == 1


# --- what a member does ---------------------------------------------------------------------------------------------
def test_links_set_again_keep_what_is_known_of_them(site, link):
    looked(link)
    directory.set_links(link.member, ["https://example.org/new", link.url])
    found = list(link.member.links.all())
    assert [(one.pk == link.pk, one.confirmed_at, one.position) for one in found] == [(False, None, 1), (True, NOW, 2)]


@pytest.fixture
def mine(link, signed_in):
    return signed_in(link.member.user)


def urls(link):
    return [one.url for one in link.member.links.all()]


def test_my_links_takes_one_more(mine, link):
    assert mine.post("/me/links/", {"url": " example.org/blog "})["Location"] == "/me/links/"
    assert urls(link) == [link.url, "https://example.org/blog"]


@pytest.mark.parametrize(
    "typed",
    ["", "javascript:alert(1)", "ftp://example.org/", "http://192.168.1.1/", "http://intranet/", "words", "x" * 600],
)
def test_my_links_refuses_what_nobody_could_open_and_keeps_what_was_typed(mine, link, typed):
    response = mine.post("/me/links/", {"url": typed})
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["url"])
    assert response.context["form"]["url"].value() == typed
    assert urls(link) == [link.url]


def test_my_links_takes_no_address_twice_and_no_more_than_twelve(mine, link):
    again = mine.post("/me/links/", {"url": link.url.rstrip("/")}).context["form"].errors["url"]
    directory.set_links(link.member, [f"https://example.org/{number}" for number in range(12)])
    more = mine.post("/me/links/", {"url": "https://example.org/new"}).context["form"].errors["url"]
    assert [again[0], more[0][:20]] == ["This address is on your list already.", "Twelve addresses at "]


def test_my_links_are_removed_and_moved(mine, link):
    directory.set_links(link.member, [link.url, "https://example.org/2", "https://example.org/3"])
    last = link.member.links.last()
    mine.post(f"/me/links/{last.pk}/up/")
    mine.post(f"/me/links/{link.pk}/up/")  # the first stays the first
    assert urls(link) == [link.url, "https://example.org/3", "https://example.org/2"]
    mine.post(f"/me/links/{link.pk}/remove/")
    assert urls(link) == ["https://example.org/3", "https://example.org/2"]


def test_my_links_are_looked_at_again_once_a_minute(mine, link):
    tasks.look()
    mine.post(f"/me/links/{link.pk}/look/")
    assert Link.objects.get().checked_at is not None
    Link.objects.update(checked_at=Link.objects.get().checked_at - timedelta(minutes=2))
    mine.post(f"/me/links/{link.pk}/look/")
    assert Link.objects.get().checked_at is None


def test_my_links_ask_for_consent_to_a_feed_and_take_it_back(mine, link):
    mine.post(f"/me/links/{link.pk}/harvest/", {"agrees": "on"})
    states = [Link.objects.get().harvest_agreed_at]  # no feed is known yet
    tasks.look()
    assert "The group may gather my posts from this feed" in mine.get("/me/links/").text
    for data in ({"agrees": "on"}, {}):
        mine.post(f"/me/links/{link.pk}/harvest/", data)
        states.append(Link.objects.get().harvest_agreed_at)
    assert [state is None for state in states] == [True, False, True]


def test_my_links_show_how_to_confirm(mine, link):
    assert (
        "&lt;a rel=&quot;me&quot; href=&quot;http://localhost:8000/members/ada-obi/&quot;"
        in mine.get("/me/links/").text
    )


@pytest.mark.parametrize("verb", ["remove", "up", "look", "harvest"])
def test_links_of_others_are_not_there(link, signed_in, verb):
    other = signed_in(factories.member("Other").user)
    assert other.post(f"/me/links/{link.pk}/{verb}/", {"agrees": "on"}).status_code == 404


def test_profile_marks_a_confirmed_link(client, link):
    before = client.get("/members/ada-obi/").text
    looked(link)
    after = client.get("/members/ada-obi/?fresh").text
    assert [">confirmed<" in text for text in (before, after)] == [False, True]
