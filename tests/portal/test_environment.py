from pathlib import Path

import pytest

from portal import addresses
from portal.environment import SettingError, read

LONG = "correct-horse-battery-staple-correct-horse-battery-staple"


@pytest.fixture
def given(tmp_path):
    def read_with(**variables):
        return read({"DATA_DIR": str(tmp_path / "data"), "EMAIL_URL": "smtp://mail.example.org"} | variables)

    return read_with


def test_read_with_nothing_set_gives_the_documented_defaults(tmp_path, given):
    found = given()

    assert (found.debug, found.demo, found.port, found.base_url) == (False, False, 8000, "http://localhost:8000")
    assert (found.web_workers, found.task_workers) == (2, 1)
    assert found.allowed_hosts == ["localhost", "127.0.0.1"]
    assert found.database["HOST"] == str(tmp_path / "data" / "run")
    assert found.redis_url == f"unix://{tmp_path}/data/run/valkey.sock?db=0"
    assert found.broker_url == f"redis+socket://{tmp_path}/data/run/valkey.sock?virtual_host=0"
    assert found.cache_url == found.redis_url
    assert (found.database_embedded, found.redis_embedded, found.s3) == (True, True, None)


def test_read_twice_keeps_the_secrets_it_made(given):
    first, second = given(), given()

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 50
    assert first.database["PASSWORD"] == second.database["PASSWORD"]
    assert (first.data_dir / "secret-key").stat().st_mode & 0o777 == 0o600


def test_read_shows_no_secret_when_printed(given):
    found = given(SECRET_KEY=LONG, DEMO_PASSWORD="open-sesame")

    assert LONG not in repr(found)
    assert "open-sesame" not in repr(found)
    assert found.database["PASSWORD"] not in repr(found)


def test_read_in_a_deep_folder_keeps_the_sockets_short(tmp_path, given):
    deep = tmp_path / ("deep" * 30)

    found = given(DATA_DIR=str(deep))

    assert len(found.database["HOST"]) < 80
    assert found.database["HOST"].startswith("/tmp/learning-portal-")


def test_read_for_an_https_address_is_secure_and_allows_its_host(given):
    found = given(BASE_URL="https://portal.example.org/")

    assert found.base_url == "https://portal.example.org"
    assert found.is_secure
    assert found.allowed_hosts == ["portal.example.org", "localhost", "127.0.0.1"]


def test_read_of_a_demo_fixes_the_hosts_and_needs_no_mail_server(given):
    found = given(DEMO="1", EMAIL_URL="", ALLOWED_HOSTS="evil.example")

    assert found.allowed_hosts == ["localhost", "127.0.0.1", "[::1]"]
    assert found.email is None


def test_read_of_every_service_url_turns_them_into_what_django_takes(given):
    found = given(
        DATABASE_URL="postgresql://us%40er:p%3Aw@db.example.org:5433/portal?sslmode=require",
        REDIS_URL="rediss://:secret@cache.example.org:6380/2",
        BROKER_URL="sentinel://a:26379/0;sentinel://b:26379/0?master_name=main",
        EMAIL_URL="smtp+tls://sender%40example.org:p%2Fw@mail.example.org",
        S3_BUCKET="files",
        S3_ENDPOINT="https://s3.example.org",
    )

    database = found.database
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.org", "5433", "portal")
    assert (database["USER"], database["PASSWORD"]) == ("us@er", "p:w")
    assert (database["OPTIONS"], database["CONN_MAX_AGE"]) == ({"sslmode": "require"}, 60)
    assert not found.database_embedded
    assert not found.redis_embedded
    assert found.broker_url == "sentinel://a:26379/0;sentinel://b:26379/0"
    assert found.broker_options == {"master_name": "main"}
    assert found.email == {
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "sender@example.org",
        "EMAIL_HOST_PASSWORD": "p/w",
        "EMAIL_USE_TLS": True,
        "EMAIL_USE_SSL": False,
    }
    assert found.s3 == {"bucket_name": "files", "endpoint_url": "https://s3.example.org"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("DEMO", "2"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "http"),
        ("BASE_URL", "portal.example.org"),
        ("BASE_URL", "ftp://portal.example.org"),
        ("BASE_URL", "https://portal.example.org/portal"),
        ("BASE_URL", "https://portal.example.org:port"),
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", "https://portal.example.org"),
        ("ALLOWED_HOSTS", "*"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "proxy"),
        ("DATABASE_URL", "mysql://user@host/name"),
        ("DATABASE_URL", "postgresql://user@host"),
        ("DATABASE_URL", "postgresql://user@host:port/name"),
        ("REDIS_URL", "http://host"),
        ("REDIS_URL", "redis://host/zero"),
        ("REDIS_URL", "unix://"),
        ("CACHE_URL", "sentinel://host"),
        ("BROKER_URL", "sqs://"),
        ("BROKER_URL", "sentinel://a:26379/0"),
        ("EMAIL_URL", ""),
        ("EMAIL_URL", "http://mail.example.org"),
        ("EMAIL_URL", "smtp://"),
        ("WEB_WORKERS", "0"),
        ("TASK_WORKERS", "many"),
        ("SENTRY_DSN", "sentry"),
        ("OPENID_CONNECT_URL", "login.example.org"),
        ("OPENID_CONNECT_URL", "ldap://id:secret@login.example.org"),
        ("OPENID_CONNECT_URL", "https://login.example.org"),
        ("OPENID_CONNECT_URL", "https://id@login.example.org"),
        ("OPENID_CONNECT_URL", "https://id:secret@"),
        ("OPENID_CONNECT_URL", "https://id:secret@[login"),
        ("OPENID_CONNECT_URL", "https://id:secret@login.example.org:port"),
        ("OPENID_CONNECT_URL", "https://id:secret@login.example.org;script-src"),
        ("OPENID_CONNECT_URL", "https://id:secret@login.example.org#name"),
        ("OPENID_CONNECT_URL", "https://id:secret@login.example.org?name="),
        ("OPENID_CONNECT_URL", "https://id:secret@login.example.org?title=IUCN"),
        ("OPENID_CONNECT_URL", "https://id:secret@login.example.org?id=I/U"),
        ("OPENID_CONNECT_URL", "https://id:secret@login.example.org?login=sso.example.org"),
        ("OPENID_CONNECT_URL", "https://id:secret@login.example.org?login=https://sso.example.org/path"),
        ("OPENID_CONNECT_URL", "https://id:secret@login.example.org?login=http://sso.example.org"),
        ("OPENID_CONNECT_URL", "http://id:secret@login.example.org"),
        ("OPENID_CONNECT_URL", "https://id:secret@a.example.org?id=a https://id:secret@b.example.org?id=a"),
        ("FETCH_PORT", "9000"),
        ("DATA_DIR", "/dev/null/data"),
        ("DATA_DIR", "/dev/null"),
    ],
)
def test_read_of_nonsense_is_refused_in_one_sentence_naming_the_variable(given, name, value):
    with pytest.raises(SettingError) as refused:
        given(**{name: value})

    assert str(refused.value).startswith(f"{name} ")
    assert "\n" not in str(refused.value)


def test_read_of_providers_of_identities_gives_what_allauth_takes(given):
    found = given(
        OPENID_CONNECT_URL="https://us%40portal:p%2Fw%3A@Login.example.org/Realms/iucn/?name=IUCN+account&id=iucn"
        "&login=https://sso.example.org:8443/&login=https://live.example.org  https://us:secret@id.example.net:8443"
    )

    assert found.openid_connect == [
        {
            "provider_id": "iucn",
            "name": "IUCN account",
            "client_id": "us@portal",
            "secret": "p/w:",
            "settings": {
                "server_url": "https://login.example.org/Realms/iucn/.well-known/openid-configuration",
                "origins": ["https://login.example.org", "https://sso.example.org:8443", "https://live.example.org"],
            },
        },
        {
            "provider_id": "id-example-net-8443",
            "name": "id.example.net:8443",
            "client_id": "us",
            "secret": "secret",
            "settings": {
                "server_url": "https://id.example.net:8443/.well-known/openid-configuration",
                "origins": ["https://id.example.net:8443"],
            },
        },
    ]
    assert "p/w" not in repr(found)


@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ("http://us:secret@127.0.0.1:8080/realm", {}),
        ("http://us:secret@localhost:8080", {}),
        ("http://us:secret@[::1]:8080", {}),
        ("http://us:secret@login.lan", {"DEBUG": "1"}),
        ("http://us:secret@login.lan", {"DEMO": "1"}),
    ],
)
def test_read_of_a_provider_of_identities_without_tls_is_taken_nearby_or_for_trying(given, url, mode):
    assert len(given(OPENID_CONNECT_URL=url, **mode).openid_connect) == 1


def test_read_of_no_provider_of_identities_is_none(given):
    assert given().openid_connect == []


def test_read_of_a_demo_for_the_world_is_refused(given):
    with pytest.raises(SettingError, match="BASE_URL must be an address of this machine"):
        given(DEMO="1", BASE_URL="https://portal.example.org")


def test_read_of_a_demo_takes_one_port_that_the_portal_may_ask(given):
    assert given(DEMO="1", FETCH_PORT="9000").fetch_port == 9000
    assert given(DEMO="1").fetch_port is None
    with pytest.raises(SettingError, match="FETCH_PORT must be a whole number"):
        given(DEMO="1", FETCH_PORT="9000,9001")


def test_read_of_half_a_key_for_s3_is_refused(given):
    with pytest.raises(SettingError, match="S3_ACCESS_KEY and S3_SECRET_KEY"):
        given(S3_BUCKET="files", S3_ACCESS_KEY="key")


def test_database_url_of_a_socket_folder_survives_the_way_there_and_back():
    url = addresses.database_url(user="portal", password="a/b@c:d", host="/var/lib/Some Place", name="portal")

    found = addresses.database(url)

    assert (found["HOST"], found["PASSWORD"]) == ("/var/lib/Some Place", "a/b@c:d")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://h:6379/1", "redis://h:6379/1"),
        ("unix:///run/v.sock?db=3", "redis+socket:///run/v.sock?virtual_host=3"),
        ("unix://:pw@/run/v.sock", "redis+socket://:pw@/run/v.sock?virtual_host=0"),
        ("rediss://h/0", "rediss://h/0?ssl_cert_reqs=required"),
        ("rediss://h/0?ssl_cert_reqs=none", "rediss://h/0?ssl_cert_reqs=none"),
        ("amqp://user:pw@h//", "amqp://user:pw@h//"),
    ],
)
def test_broker_url_is_what_celery_takes(url, expected):
    assert addresses.broker(url).url == expected


def test_a_relative_data_dir_stands_in_the_clone(tmp_path):
    found = read({"DATA_DIR": "data", "DEMO": "1"}, tmp_path)

    assert found.data_dir == Path(tmp_path / "data").resolve()
