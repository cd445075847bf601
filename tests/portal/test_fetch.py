import gzip
import socket
import ssl
import sys
import time
import tracemalloc
import zlib

import pytest

from portal import fetch, guard
from portal.fetch import FetchError, Kind, answers, get
from tests.portal.sites import Mute, Site, certificate, leads_to, page, raw

HEAD = b"HTTP/1.1 200 OK\r\n"
_heard = []
_is_listening = False


def _hear(event, arguments):
    if _is_listening and event in {"socket.connect", "socket.getaddrinfo"}:
        _heard.append((event, arguments[1][:2] if event == "socket.connect" else arguments[0]))


sys.addaudithook(_hear)  # the interpreter's own record of what goes out


@pytest.fixture(autouse=True)
def heard():
    """Each look-up of a name and each try to connect, as the interpreter reports them."""
    global _is_listening
    _heard.clear()
    _is_listening = True
    yield _heard
    _is_listening = False


@pytest.fixture
def site(settings):
    with Site() as one:
        settings.FETCH_ALLOWED = {("127.0.0.1", one.port)}
        yield one


@pytest.fixture
def other(settings, site):
    """Another site that may be asked, too."""
    with Site() as one:
        settings.FETCH_ALLOWED = settings.FETCH_ALLOWED | {("127.0.0.1", one.port)}
        yield one


@pytest.fixture
def inside():
    """A site of our own network, which may not be asked."""
    with Site({"/": page(b"secret")}) as one:
        yield one
        assert one.lines == 0


def connections(heard):
    return [target for event, target in heard if event == "socket.connect"]


def refused(url, **options):
    with pytest.raises(FetchError) as error:
        get(url, **options)
    return error.value.kind


# --- What is asked and answered ---------------------------------------------------------------------------------------


def test_get_gives_status_headers_and_body(site):
    site.pages["/feed?a=b"] = page(b"entries", ETag='"one"')

    reply = get(site.url("/feed?a=b#part"))

    assert (reply.status, reply.url, reply.body) == (200, site.url("/feed?a=b"), b"entries")
    assert reply.headers["etag"] == '"one"'


def test_get_says_who_asks(site, settings):
    settings.BASE_URL = "https://portal.example.org"
    site.pages["/"] = page()

    get(site.url(), headers={"Accept": "application/atom+xml"})

    ((method, _path, headers),) = site.asked
    assert method == "GET"
    assert sorted(headers.items()) == [
        ("Accept", "application/atom+xml"),
        ("Accept-Encoding", "gzip, deflate"),
        ("Connection", "close"),
        ("Host", f"127.0.0.1:{site.port}"),
        ("User-Agent", "learning-portal (+https://portal.example.org)"),
    ]


def test_get_of_what_has_not_changed_is_a_reply(site):
    site.pages["/"] = page(status=304, ETag='"one"')

    reply = get(site.url(), headers={"If-None-Match": '"one"'})

    assert (reply.status, reply.body) == (304, b"")
    assert site.asked[0][2]["If-None-Match"] == '"one"'


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
def test_get_of_an_error_is_a_reply(site, status):
    site.pages["/"] = page(b"sorry", status, Retry_After="60")

    reply = get(site.url())

    assert (reply.status, reply.body, reply.headers["Retry-After"]) == (status, b"sorry", "60")


def test_get_by_head_has_no_body(site):
    site.pages["/"] = page(b"entries")

    reply = get(site.url(), method="HEAD")

    assert (reply.status, reply.body, reply.headers["Content-Length"]) == (200, b"", "7")


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (gzip.compress(b"words " * 1000, mtime=0), "gzip"),
        (zlib.compress(b"words " * 1000), "deflate"),
        (zlib.compress(b"words " * 1000, wbits=-15), "deflate"),
        (zlib.compress(gzip.compress(b"words " * 1000, mtime=0)), "gzip, deflate"),
    ],
)
def test_get_unpacks(site, packed, encoding):
    site.pages["/"] = page(packed, Content_Encoding=encoding)

    assert get(site.url()).body == b"words " * 1000


def test_get_of_a_name_asks_for_it_once_and_connects_to_the_address(site, heard):
    site.pages["/"] = page()

    get(site.url(host="localhost"))

    assert heard == [("socket.getaddrinfo", "localhost"), ("socket.connect", ("127.0.0.1", site.port))]
    assert site.asked[0][2]["Host"] == f"localhost:{site.port}"


def test_get_asks_no_proxy_of_the_environment(site, inside, monkeypatch):
    site.pages["/"] = page(b"entries")
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, inside.url())

    assert get(site.url()).body == b"entries"


# --- Addresses that are not asked -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "//example.org/",
        "/path",
        "http://",
        "http:///path",
        "https:example.org",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "javascript:alert(1)",
        "data:text/plain,words",
        "unix:///run/valkey.sock",
        "http://[::1/",
        "http://example.org:port/",
        "http://example.org:70000/",
        "http://exa mple.org/",
        "http://１２７.0.0.1/",
    ],
)
def test_get_of_no_web_address_is_refused(url, heard):
    assert refused(url) == Kind.NOT_HTTP
    assert heard == []


@pytest.mark.parametrize("url", ["http://user:password@127.0.0.1:1/", "http://user@127.0.0.1:1/"])
def test_get_with_a_password_in_the_address_is_refused(url, heard):
    assert refused(url) == Kind.CREDENTIALS
    assert heard == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127%2e0%2e0%2e1",
        "0",
        "localhost",
        "LOCALHOST",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
    ],
)
def test_get_of_a_site_of_ours_in_any_spelling_is_refused(inside, host, heard):
    kind = refused(inside.url(host=host))

    assert (kind, connections(heard)) == (Kind.NOT_PUBLIC, [])


@pytest.mark.parametrize("host", [socket.gethostname(), "localhost.", "127.0.0.1."])
def test_get_of_this_machine_by_a_name_that_it_may_know_is_refused(inside, host, heard):
    kind = refused(inside.url(host=host))

    assert kind in {Kind.NOT_PUBLIC, Kind.NO_HOST}
    assert connections(heard) == []


CLOSED = [
    *["0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.0.1", "198.18.0.1"],
    *["168.63.129.16", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.51.100.1", "203.0.113.1"],
    *["224.0.0.1", "233.252.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"],
    *["::", "::1", "::7f00:1", "::8.8.8.8", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:7f00:1"],
    *["64:ff9b::a00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378::1", "2001:db8::1"],
    *["2002:7f00:1::1", "2002:808:808::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1"],
    *["fec0::1", "ff02::1", "ff0e::1"],
]


@pytest.mark.parametrize("address", CLOSED)
def test_get_of_an_address_that_is_not_public_is_refused(address, heard):
    kind = refused(f"http://[{address}]/" if ":" in address else f"http://{address}/")

    assert (kind, connections(heard)) == (Kind.NOT_PUBLIC, [])


def test_get_of_an_address_with_a_zone_is_refused(heard):
    with pytest.raises(FetchError):
        get("http://[fe80::1%25lo]/")
    assert connections(heard) == []


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "192.0.1.1", "::ffff:8.8.8.8", "2001:4860:4860::8888", "2606:4700::1111"]
)
def test_public_addresses_are_open(address):
    assert guard.is_open(address, 443)


def test_get_of_another_port_than_the_allowed_one_is_refused(site, inside):
    assert refused(inside.url()) == Kind.NOT_PUBLIC
    assert site.lines == 0


def test_settings_allow_nothing_unless_told(settings):
    assert not settings.FETCH_ALLOWED


# --- Redirects --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_get_follows_a_redirect(site, status):
    site.pages |= {"/old": leads_to("new?a=b#part", status), "/new?a=b": page(b"entries")}

    reply = get(site.url("/old"))

    assert (reply.url, reply.body) == (site.url("/new?a=b"), b"entries")


def test_get_follows_three_redirects_and_no_more(site):
    site.pages |= {f"/{number}": leads_to(f"/{number + 1}") for number in range(4)} | {"/4": page(b"entries")}

    assert get(site.url("/1")).body == b"entries"
    assert refused(site.url("/0")) == Kind.TOO_MANY_REDIRECTS
    assert [path for _method, path, _headers in site.asked][4:] == ["/0", "/1", "/2", "/3"]


def test_get_keeps_the_method_over_redirects(site):
    site.pages |= {"/old": leads_to("/new"), "/new": page(b"entries")}

    get(site.url("/old"), method="HEAD")

    assert [method for method, _path, _headers in site.asked] == ["HEAD", "HEAD"]


def test_get_of_a_redirect_to_nowhere_is_a_reply(site):
    site.pages["/"] = page(b"somewhere", 302)

    assert get(site.url()).body == b"somewhere"


def test_get_follows_a_redirect_in_other_letters(site):
    site.pages |= {
        "/old": leads_to("/été?à=é".encode().decode("latin-1")),
        "/%C3%A9t%C3%A9?%C3%A0=%C3%A9": page(b"entries"),
    }

    assert get(site.url("/old")).body == b"entries"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"],
)
@pytest.mark.parametrize("hops", [1, 3])
def test_get_is_not_led_into_our_network(site, inside, heard, host, hops):
    site.pages |= {f"/{number}": leads_to(f"/{number - 1}") for number in range(2, hops + 1)}
    site.pages["/1"] = leads_to(inside.url(host=host))

    kind = refused(site.url(f"/{hops}"))

    assert kind == Kind.NOT_PUBLIC
    assert connections(heard) == [("127.0.0.1", site.port)] * hops


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("file:///etc/passwd", Kind.NOT_HTTP),
        ("ftp://127.0.0.1/", Kind.NOT_HTTP),
        ("http://[", Kind.NOT_HTTP),
        ("http://user:password@example.org/", Kind.CREDENTIALS),
        ("//10.0.0.1/", Kind.NOT_PUBLIC),
        ("\\\\10.0.0.1\\share", None),  # a path of the same site, and no host
    ],
)
def test_get_checks_where_it_is_led(site, heard, location, kind):
    site.pages |= {"/": leads_to(location), "/%5C%5C10.0.0.1%5Cshare": page()}

    assert (get(site.url()).status == 200) if kind is None else (refused(site.url()) == kind)
    assert set(connections(heard)) == {("127.0.0.1", site.port)}


def test_get_keeps_no_cookie(site):
    site.pages |= {"/old": leads_to("/new", Set_Cookie="session=one; Path=/"), "/new": page(Set_Cookie="session=two")}

    get(site.url("/old"))
    get(site.url("/new"))

    assert [headers.get("Cookie") for _method, _path, headers in site.asked] == [None, None, None]


def test_get_shows_a_key_to_no_other_site(site, other):
    site.pages |= {"/old": leads_to("/new"), "/new": leads_to(other.url())}
    other.pages["/"] = page()

    get(site.url("/old"), headers={"Authorization": "Bearer key", "X-Key": "key", "If-None-Match": '"one"'})

    assert [headers["Authorization"] for _method, _path, headers in site.asked] == ["Bearer key"] * 2
    ((_method, _path, headers),) = other.asked
    assert (headers["Authorization"], headers["X-Key"], headers["If-None-Match"]) == (None, None, '"one"')


# --- Time -------------------------------------------------------------------------------------------------------------


def seconds_of(call, *arguments, **options):
    began = time.monotonic()
    return call(*arguments, **options), time.monotonic() - began


@pytest.mark.parametrize(
    "says",
    [
        b"",
        HEAD + b"X-Long: " + b"x" * 1000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 100,
        HEAD + b"\r\n" + b"x" * 1000,
        HEAD + b"Content-Length: 1000\r\n\r\n" + b"x" * 1000,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 1000,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 1000,
    ],
)
def test_get_from_a_site_that_drips_ends_in_time(settings, says):
    with Mute(says, pause=0.004) as mute:
        settings.FETCH_ALLOWED = {("127.0.0.1", mute.port)}

        kind, seconds = seconds_of(refused, f"http://127.0.0.1:{mute.port}/", seconds=0.5)

    assert kind == Kind.AWAY
    assert 0.4 < seconds < 2


@pytest.mark.parametrize("says", [b"", b"\x16\x03\x03\x40\x00" + b"\x02" * 1000])
def test_get_from_a_site_that_drips_its_handshake_ends_in_time(settings, says):
    with Mute(says, pause=0.01) as mute:
        settings.FETCH_ALLOWED = {("127.0.0.1", mute.port)}

        kind, seconds = seconds_of(refused, f"https://127.0.0.1:{mute.port}/", seconds=0.5)

    assert kind == Kind.AWAY
    assert seconds < 2


def test_get_over_redirects_has_one_bound_in_time(site):
    def slow(handler):
        time.sleep(0.4)
        leads_to("/")(handler)

    site.pages["/"] = slow

    kind, seconds = seconds_of(refused, site.url(), seconds=0.5)

    assert kind == Kind.AWAY
    assert 0.4 < seconds < 2


def test_get_never_takes_longer_than_the_bound():
    assert fetch._end(3600) - time.monotonic() <= 10


def test_get_where_nobody_takes_the_connection_ends_in_time(settings):
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        settings.FETCH_ALLOWED = {("127.0.0.1", port)}
        waiting = [socket.socket() for _ in range(8)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))

        kind, seconds = seconds_of(refused, f"http://127.0.0.1:{port}/", seconds=0.5)
        for one in waiting:
            one.close()

    assert kind == Kind.AWAY
    assert seconds < 2


# --- Size -------------------------------------------------------------------------------------------------------------


def test_get_of_two_megabytes_is_whole_and_of_one_byte_more_is_refused(site):
    site.pages |= {"/whole": page(b"x" * fetch.LIMIT), "/more": page(b"x" * (fetch.LIMIT + 1))}

    assert len(get(site.url("/whole")).body) == fetch.LIMIT == 2 * 2**20
    assert refused(site.url("/more")) == Kind.TOO_LARGE


def packed(encoding):
    """64 MiB of nothing."""
    empty = bytes(2**26)
    if encoding == "gzip":
        return gzip.compress(empty)
    if encoding == "deflate":
        return zlib.compress(empty)
    return gzip.compress(gzip.compress(empty))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "gzip, gzip"])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_get_of_a_bomb_stops_while_it_unpacks(site, encoding, is_chunked):
    bomb = packed(encoding)
    chunked = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(bomb), bomb)
    plain = b"Content-Length: %d\r\n\r\n%b" % (len(bomb), bomb)
    start = HEAD + f"Content-Encoding: {encoding}\r\n".encode()
    site.pages["/"] = raw(start + (chunked if is_chunked else plain))
    tracemalloc.start()

    kind = refused(site.url())

    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kind == Kind.TOO_LARGE
    assert most < 8 * 2**20


def test_get_of_a_bomb_by_head_or_in_a_redirect_is_not_unpacked(site):
    bomb = packed("gzip")
    site.pages |= {
        "/": page(bomb, Content_Encoding="gzip"),
        "/old": page(bomb, 302, Location="/new", Content_Encoding="gzip"),
        "/new": page(b"entries"),
    }

    assert get(site.url(), method="HEAD").body == b""
    assert get(site.url("/old")).body == b"entries"


# --- Sites that are away or talk nonsense -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        (b"", Kind.AWAY),
        (b"220 mail.example.org ESMTP\r\n", Kind.GARBLED),
        (HEAD + b"Content-Length: 10\r\n\r\nshort", Kind.GARBLED),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzzz\r\n", Kind.GARBLED),
        (HEAD + b"Content-Encoding: gzip\r\n\r\nnot gzip at all", Kind.GARBLED),
        (HEAD + b"Content-Encoding: " + b"gzip, " * 50 + b"gzip\r\n\r\n" + b"x" * 100, Kind.GARBLED),
        (HEAD + b"X: y\r\n" * 200 + b"\r\n", Kind.GARBLED),
        (HEAD + b"X: " + b"y" * 100_000 + b"\r\n\r\n", Kind.GARBLED),
    ],
)
def test_get_of_nonsense_is_an_error_of_ours(site, says, kind):
    site.pages["/"] = raw(says)

    assert refused(site.url()) == kind


def test_get_where_nobody_listens_is_an_error_of_ours(settings):
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        port = unheard.getsockname()[1]
        settings.FETCH_ALLOWED = {("127.0.0.1", port)}

        assert refused(f"http://127.0.0.1:{port}/") == Kind.AWAY


def test_connected_passes_over_addresses_that_take_no_connection(site):
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        found = [(socket.AF_INET, unheard.getsockname()), (socket.AF_INET, site.server_address)]

        with guard._to_one_of(found, time.monotonic() + 1) as line:
            assert line.getpeername() == site.server_address


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".example"])
def test_get_of_no_name_is_an_error_of_ours(host, heard):
    assert refused(f"http://{host}/") == Kind.NO_HOST
    assert connections(heard) == []


def test_get_of_an_unknown_name_is_an_error_of_ours(heard):
    assert refused("http://nothing.invalid/") in {Kind.NO_HOST, Kind.AWAY}  # without name servers nobody knows
    assert connections(heard) == []


def test_errors_have_words_for_people_that_name_no_address(inside):
    with pytest.raises(FetchError, match=r"^The address is not on the public internet\.$"):
        get(inside.url())


# --- TLS --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def secure(settings, tmp_path, monkeypatch):
    """Makes a site with a certificate for a name, which this machine trusts unless told otherwise."""
    opened = []

    def start(name, *, is_trusted=True):
        public, tls = certificate(tmp_path, name)
        if is_trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(public))
        one = Site({"/": page(b"entries")}, tls).__enter__()
        opened.append(one)
        settings.FETCH_ALLOWED = {("127.0.0.1", one.port)}
        return one

    yield start
    for one in opened:
        one.__exit__()


def test_get_by_tls_names_the_host_and_connects_to_the_address(secure, heard):
    site = secure("localhost")
    names = []
    site.tls.sni_callback = lambda _sock, name, _context: names.append(name)

    reply = get(site.url(host="localhost"))

    assert (reply.body, names) == (b"entries", ["localhost"])
    assert connections(heard) == [("127.0.0.1", site.port)]
    assert site.asked[0][2]["Host"] == f"localhost:{site.port}"


def test_get_by_tls_of_a_bare_address_checks_the_certificate_for_it(secure):
    assert get(secure("127.0.0.1").url()).body == b"entries"


def test_get_by_tls_with_a_name_for_another_is_refused(secure):
    site = secure("other.example")

    assert refused(site.url(host="localhost")) == Kind.INSECURE
    assert site.asked == []


def test_get_by_tls_with_a_certificate_nobody_vouches_for_is_refused(secure):
    site = secure("localhost", is_trusted=False)

    assert refused(site.url(host="localhost")) == Kind.INSECURE
    assert site.asked == []


def test_get_by_tls_from_a_site_without_it_is_refused(site):
    assert refused(site.url().replace("http:", "https:"), seconds=2) == Kind.INSECURE


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_get_by_tls_of_an_old_version_is_refused(secure):
    site = secure("localhost")
    site.tls.minimum_version = ssl.TLSVersion.TLSv1
    site.tls.maximum_version = ssl.TLSVersion.TLSv1_1

    assert refused(site.url(host="localhost")) == Kind.INSECURE


def test_get_by_tls_from_a_site_that_drips_ends_in_time(secure):
    site = secure("localhost")
    site.pages["/"] = raw(HEAD + b"Content-Length: 1000\r\n\r\n", *[b"x"] * 200, pause=0.02)

    kind, seconds = seconds_of(refused, site.url(host="localhost"), seconds=0.5)

    assert kind == Kind.AWAY
    assert 0.4 < seconds < 2


def test_get_led_from_plain_to_tls_arrives(site, secure, settings):
    target = secure("localhost")
    settings.FETCH_ALLOWED = {("127.0.0.1", site.port), ("127.0.0.1", target.port)}
    site.pages["/"] = leads_to(target.url(host="localhost"))

    assert get(site.url()).body == b"entries"


# --- Dead links -------------------------------------------------------------------------------------------------------


def test_answers_asks_by_head_and_says_nothing_where_all_is_well(site):
    site.pages |= {"/old": leads_to("/new"), "/new": page(b"entries")}

    assert answers(site.url("/old")) == ""
    assert [method for method, _path, _headers in site.asked] == ["HEAD", "HEAD"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "There is no page at this address."),
        (410, "There is no page at this address."),
        (401, "The site answers with an error (401)."),
        (500, "The site answers with an error (500)."),
    ],
)
def test_answers_of_an_error_says_which(site, status, words):
    site.pages["/"] = page(status=status)

    assert answers(site.url()) == words
    assert len(site.asked) == 1


@pytest.mark.parametrize("status", [403, 405, 501])
def test_answers_where_head_is_refused_asks_again_and_reads_no_body(site, status):
    def answer(handler):
        if handler.command == "HEAD":
            return page(status=status)(handler)
        return raw(HEAD + b"\r\n", *[b"x" * 1000] * 50, pause=0.1)(handler)

    site.pages["/"] = answer

    words, seconds = seconds_of(answers, site.url())

    assert words == ""
    assert seconds < 1
    assert [method for method, _path, _headers in site.asked] == ["HEAD", "GET"]


def test_answers_where_both_are_refused_says_so(site):
    site.pages["/"] = page(status=403)

    assert answers(site.url()) == "The site answers with an error (403)."


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("mailto:someone@example.org", Kind.NOT_HTTP),
        ("http://a..b/", Kind.NO_HOST),
        ("http://10.0.0.1/", Kind.NOT_PUBLIC),
        ("http://user:password@example.org/", Kind.CREDENTIALS),
    ],
)
def test_answers_of_what_is_not_asked_says_why(url, kind, heard):
    assert answers(url) == kind.label
    assert connections(heard) == []


def test_answers_has_one_bound_in_time_for_both_tries(site):
    def slow(handler):
        time.sleep(0.4)
        page(status=405 if handler.command == "HEAD" else 200)(handler)

    site.pages["/"] = slow

    assert answers(site.url(), seconds=0.6) == "The site does not answer."


def test_answers_from_a_mute_site_ends_in_time(settings):
    with Mute() as mute:
        settings.FETCH_ALLOWED = {("127.0.0.1", mute.port)}

        words, seconds = seconds_of(answers, f"http://127.0.0.1:{mute.port}/", seconds=0.5)

    assert words == "The site does not answer."
    assert seconds < 2
