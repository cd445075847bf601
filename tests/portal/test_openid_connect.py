"""Signing up and in by OpenID Connect, at a provider of our own on loopback.

Core is https://openid.net/specs/openid-connect-core-1_0.html, Discovery is
https://openid.net/specs/openid-connect-discovery-1_0.html.
"""

import os
import re
import subprocess
import sys
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from portal.addresses import openid_connect
from portal.environment import BASE_DIR
from portal.outbox.models import OutgoingMail
from portal.users import merging, services
from portal.users.adapters import SecondFactorAdapter
from portal.users.models import User
from tests import factories
from tests.portal.openid_provider import OTHER_KEY, PERSON, SECRET, Provider

pytestmark = pytest.mark.django_db
START = "/accounts/oidc/iucn/login/"
CALLBACK = f"{START}callback/"
PORTAL = "http://localhost:8000"
VERIFY = "/accounts/confirm-email/"


def set_up(settings, *urls):
    one = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": one | {"APPS": [openid_connect(url) for url in urls]}}


@pytest.fixture(params=["client_secret_basic"])
def provider(settings, request):
    server = Provider(PORTAL + CALLBACK, auth_method=request.param)
    set_up(settings, server.url(id="iucn", name="IUCN account"))
    yield server
    server.close()


def way_back(client, *, start=START):
    """Press the button, sign in at the provider; the address to which it sends the browser back."""
    there = client.post(start)["Location"]
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    assert back.startswith(PORTAL)
    return back.removeprefix(PORTAL)


def come_in(client, **kwargs):
    return client.get(way_back(client, **kwargs))


def connected(user=None, uid=PERSON["sub"], provider="iucn"):
    user = user or factories.user("Ada Obi", "ada@example.org")
    return SocialAccount.objects.create(user=user, provider=provider, uid=uid, extra_data={"email": "ada@iucn.org"})


def is_signed_in(client):
    return client.get("/me/").status_code == 200


def nobody_came_in(client, response, status=401):
    assert (response.status_code, is_signed_in(client), User.objects.count()) == (status, False, 0)
    return True


# --- signing up -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("provider", ["client_secret_basic", "client_secret_post"], indirect=True)
def test_sign_up_with_a_verified_address_needs_no_mail(client, provider):
    """Core 5.1, `email_verified`; both ways of showing the client's secret (Core 9)."""
    assert come_in(client)["Location"] == "/join/"
    user = User.objects.get()
    assert (user.name, user.email, user.has_usable_password()) == ("Ada Obi", "ada@example.org", False)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("ada@example.org", True, True)]
    assert (OutgoingMail.objects.count(), is_signed_in(client)) == (0, True)


def test_sign_up_asks_the_provider_as_specified(client, provider):
    """Core 3.1.2.1, RFC 7636 4.3; state and nonce are new each time."""
    come_in(client)
    come_in(Client())
    first, second = provider.asked
    assert (first["response_type"], first["code_challenge_method"]) == ("code", "S256")
    assert (first["redirect_uri"], set(first["scope"].split())) == (PORTAL + CALLBACK, {"openid", "profile", "email"})
    assert all(len({first[name], second[name]}) == 2 for name in ("state", "nonce", "code_challenge"))


def test_sign_up_keeps_no_more_than_it_uses(client, provider):
    provider.userinfo = {"picture": "https://example.org/ada.jpg", "birthdate": "1990-01-01"}
    come_in(client)
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == ("iucn", PERSON["sub"])
    assert account.extra_data == PERSON


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/fr", "fr"), ("/es", "es")])
def test_sign_up_keeps_the_language_though_the_address_back_is_one(client, provider, prefix, language):
    assert come_in(client, start=prefix + START)["Location"] == f"{prefix}/join/"
    assert (User.objects.get().language, provider.asked[0]["redirect_uri"]) == (language, PORTAL + CALLBACK)


@pytest.mark.parametrize("word", [False, None, "false", "true", 1])
def test_sign_up_with_an_address_that_is_not_surely_verified_sends_a_mail(client, provider, word):
    """Core 5.1: `email_verified` is a boolean, and may be left out."""
    provider.person["email_verified"] = word
    assert come_in(client)["Location"] == VERIFY
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.contact.address) == ("email_confirmation_signup", "ada@example.org")
    assert (EmailAddress.objects.get().verified, is_signed_in(client)) == (False, False)


def test_sign_up_with_an_unverified_address_goes_on_after_the_mail(client, provider):
    provider.person["email_verified"] = False
    come_in(client)
    (link,) = set(re.findall(rf"{PORTAL}(/\S*confirm-email/\S+?/)(?=\s|$)", OutgoingMail.objects.get().text))
    assert client.post(link)["Location"] == "/join/"
    assert come_in(Client())["Location"] == "/me/"


def test_sign_up_takes_whether_an_address_is_verified_from_who_tells_the_address(client, provider):
    provider.person = {"sub": "1", "name": "Ada Obi"}
    provider.id_token = {"email": "trusted@example.org", "email_verified": True}
    provider.userinfo = {"email": "claimed@example.org"}
    assert come_in(client)["Location"] == VERIFY
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("claimed@example.org", False)]


def test_sign_up_at_a_provider_without_userinfo_reads_the_id_token(client, provider):
    """Discovery 3: the userinfo endpoint is only recommended."""
    configuration = provider.configuration()
    del configuration["userinfo_endpoint"]
    provider.configuration = lambda: configuration
    provider.id_token = {name: value for name, value in PERSON.items() if name != "sub"}
    assert come_in(client)["Location"] == "/join/"
    assert User.objects.get().name == "Ada Obi"


NAMES = [
    ({"name": "Zoë Ñandú "}, "Zoë Ñandú"),
    ({"name": None, "given_name": "Zoë", "family_name": "Ñandú"}, "Zoë Ñandú"),
    ({"name": "Z" * 200}, "Z" * 150),
]


@pytest.mark.parametrize(("claims", "name"), NAMES)
def test_sign_up_takes_the_name_from_the_claims(client, provider, claims, name):
    """Core 5.1."""
    provider.person |= claims
    come_in(client)
    assert User.objects.get().name == name


@pytest.mark.parametrize("missing", ["name", "email"])
@pytest.mark.parametrize("instead", [None, 5, "a\0b", ["x"]])
def test_sign_up_asks_for_what_the_provider_does_not_tell(client, provider, missing, instead):
    provider.person[missing] = instead
    response = come_in(client, start=f"/es{START}")
    assert response["Location"] == "/es/accounts/3rdparty/signup/"
    form = client.get(response["Location"])
    assert (form.status_code, "IUCN account" in form.text) == (200, True)
    initial = form.context["form"].initial
    left = {"name": "Ada Obi", "email": "ada@example.org"} | {missing: ""}
    assert {name: initial[name] for name in ("name", "email")} == left
    data = {"name": "Ada O.", "email": "ada@example.org"}
    leads = {"name": "/es/join/", "email": f"/es{VERIFY}"}  # the one address is verified, the other is not
    assert client.post(response["Location"], data)["Location"] == leads[missing]
    user = User.objects.get()
    assert (user.name, user.email, user.language) == ("Ada O.", "ada@example.org", "es")


def test_sign_up_form_keeps_apart_two_providers_that_know_us_by_the_same_name(client, provider, settings):
    other = Provider(f"{PORTAL}/accounts/oidc/other/login/callback/")
    set_up(settings, provider.url(id="iucn", name="IUCN account"), other.url(id="other", name="Other account"))
    del other.person["name"]
    response = come_in(client, start="/accounts/oidc/other/login/")
    other.close()
    client.post(response["Location"], {"name": "Ada O.", "email": "ada@example.org"})
    assert SocialAccount.objects.get().provider == "other"


@pytest.mark.parametrize("is_verified", [True, False])
def test_sign_up_with_a_taken_address_takes_nothing_over(client, provider, is_verified):
    owner = factories.user("Owner", "ada@example.org")
    EmailAddress.objects.update(verified=is_verified)
    assert come_in(client)["Location"] == VERIFY
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.contact.address) == ("account_already_exists", "ada@example.org")
    assert (User.objects.get(), SocialAccount.objects.count(), is_signed_in(client)) == (owner, 0, False)


# --- who was there before the owner of the address --------------------------------------------------------------------
def squatter(provider, client):
    """Somebody signed up with an address that the provider has not verified."""
    provider.person["email_verified"] = False
    come_in(client)
    OutgoingMail.objects.all().delete()
    return User.objects.get()


def test_password_chosen_by_the_owner_of_an_address_locks_out_who_came_by_a_service(client, provider):
    user = squatter(provider, Client())
    form = client.get(services.password_link(user).removeprefix(PORTAL))["Location"]
    client.post(form, {"password1": factories.PASSWORD, "password2": factories.PASSWORD})
    assert (User.objects.get().check_password(factories.PASSWORD), SocialAccount.objects.count()) == (True, 0)
    EmailAddress.objects.update(verified=True)
    stranger = Client()
    come_in(stranger)
    assert not is_signed_in(stranger)


def test_appointment_locks_out_who_came_by_a_service(provider):
    services.appoint_coordinator(squatter(provider, Client()))
    stranger = Client()
    come_in(stranger)
    assert not is_signed_in(stranger)


@pytest.mark.parametrize("is_verified", [True, False])
def test_merge_brings_services_of_verified_accounts_alone(is_verified):
    keep, gone = factories.user(), connected().user
    EmailAddress.objects.filter(user=gone).update(verified=is_verified)
    merging.merge(keep, gone, by=factories.coordinator())
    assert list(SocialAccount.objects.values_list("user", flat=True)) == [keep.pk] * is_verified


# --- signing in -----------------------------------------------------------------------------------------------------
def test_sign_in_the_second_time_finds_the_same_account(client, provider):
    come_in(client)
    provider.person |= {"name": "Somebody Else", "email": "else@example.org"}
    other = Client()
    assert come_in(other)["Location"] == "/me/"
    assert (User.objects.get().name, User.objects.get().email) == ("Ada Obi", "ada@example.org")
    assert (is_signed_in(other), EmailAddress.objects.count()) == (True, 1)


@pytest.mark.parametrize(("asked", "leads"), [("/members/", "/members/"), ("https://evil.example/", "/me/")])
def test_sign_in_goes_on_where_one_was_going(client, provider, asked, leads):
    connected()
    assert come_in(client, start=f"{START}?process=login&next={asked}")["Location"] == leads


def test_sign_in_of_a_closed_account_is_refused(client, provider):
    user = connected().user
    user.is_active = False
    user.save()
    assert come_in(client)["Location"] == "/accounts/inactive/"
    assert not is_signed_in(client)


def code_of(user):
    secret = SecondFactorAdapter().decrypt(user.authenticator_set.get().data["secret"])
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_sign_in_of_staff_asks_for_the_second_step(client, provider):
    user = connected(factories.coordinator()).user
    assert come_in(client)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/admin/portal/topic/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": code_of(user)})
    assert client.get("/admin/portal/topic/").status_code == 200


def test_sign_in_of_staff_without_a_second_step_leads_to_setting_one_up(client, provider):
    connected(factories.user(is_staff=True, is_superuser=True))
    come_in(client)
    response = client.get("/admin/")
    assert response["Location"].startswith("/accounts/2fa/totp/activate/?next=%2Fadmin%2F")


# --- what goes wrong ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("prefix", "words"), [("", "You turned back"), ("/fr", 'lang="fr"')])
def test_sign_in_given_up_at_the_provider_says_so(client, provider, prefix, words):
    """RFC 6749, 4.1.2.1: access_denied."""
    provider.refusal = "access_denied"
    response = come_in(client, start=prefix + START)
    assert response["Location"] == f"{prefix}/accounts/3rdparty/login/cancelled/"
    assert words in client.get(response["Location"]).text


@pytest.mark.parametrize("code", ["server_error", "temporarily_unavailable", "login_required", "nonsense"])
def test_sign_in_refused_by_the_provider_has_a_page(client, provider, code):
    """RFC 6749, 4.1.2.1 and Core 3.1.2.6."""
    provider.refusal = code
    response = come_in(client, start=f"/fr{START}")
    assert nobody_came_in(client, response)
    assert 'lang="fr"' in response.text


@pytest.mark.parametrize("change", [{"state": "forged"}, {"state": ""}])
def test_sign_in_with_another_state_is_refused(client, provider, change):
    """RFC 6749, 10.12."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(way_back(client)).query).items()}
    response = client.get(CALLBACK, asked | change)
    assert nobody_came_in(client, response)
    assert "Signing in took too long" in response.text


def test_sign_in_begun_by_somebody_else_is_refused(client, provider):
    """RFC 6749, 10.12: the state belongs to the browser that began."""
    back = way_back(Client())
    response = client.get(back, headers={"accept-language": "es"})
    assert nobody_came_in(client, response)
    assert 'lang="es"' in response.text


def test_sign_in_with_a_code_that_was_meant_for_another_browser_is_refused(client, provider):
    """RFC 7636, 1: whoever injects a code does not know its verifier."""
    stolen = parse_qs(urlsplit(way_back(Client())).query)["code"][0]
    mine = parse_qs(urlsplit(way_back(client)).query)["state"][0]
    assert nobody_came_in(client, client.get(CALLBACK, {"code": stolen, "state": mine}))


def test_sign_in_comes_back_once(client, provider):
    back = way_back(client)
    client.get(back)
    assert client.get(back).status_code == 401
    assert User.objects.count() == 1


SPOILT = {
    "issuer": {"id_token": {"iss": "https://evil.example"}},
    "audience": {"id_token": {"aud": "another client"}},
    "authorized party": {"id_token": {"azp": "another client"}},
    "expired": {"id_token": {"exp": 1_700_000_000}},
    "never expires": {"id_token": {"exp": None}},
    "nonce": {"id_token": {"nonce": "forged"}},
    "no nonce": {"id_token": {"nonce": None}},
    "no subject": {"id_token": {"sub": None}},
    "long subject": {"id_token": {"sub": "9" * 256}, "userinfo": {"sub": "9" * 256}},
    "signature": {"key": OTHER_KEY},
    "unknown key": {"header": {"kid": "two"}},
    "no signature": {"key": None, "header": {"alg": "none"}},
    "shared secret": {"key": SECRET * 2, "header": {"alg": "HS256"}},
    "somebody else": {"userinfo": {"sub": "1"}},
}


@pytest.mark.parametrize("case", SPOILT)
def test_sign_in_with_an_identity_that_does_not_pass_the_checks_is_refused(client, provider, case):
    """Core 3.1.3.7 for the ID Token, 5.3.2 for userinfo."""
    vars(provider).update(SPOILT[case])
    response = come_in(client, start=f"/fr{START}")
    assert nobody_came_in(client, response)
    assert ('lang="fr"' in response.text, "<h1" in response.text) == (True, True)


def test_sign_in_with_an_identity_whose_only_key_is_not_named_works(client, provider):
    """Core 10.1."""
    provider.header = {"kid": None}
    assert come_in(client)["Location"] == "/join/"


JSON = "application/json"
ANSWERS = [
    ("/token", (400, JSON, '{"error": "invalid_grant"}')),  # RFC 6749, 5.2
    ("/token", (401, JSON, '{"error": "invalid_client"}')),
    ("/token", (500, "text/html", "<h1>Sorry</h1>")),
    ("/token", (200, JSON, "5")),
    ("/token", (200, JSON, "{")),
    ("/token", (200, None, "{}")),
    ("/token", (200, JSON, '{"access_token": "a", "token_type": "Bearer"}')),
    ("/token", (200, JSON, '{"access_token": "a", "expires_in": "soon", "id_token": "a.b.c"}')),
    ("/token", (200, JSON, '{"access_token": "a", "id_token": "a.b.c"}')),
    ("/token", (200, JSON, '{"access_token": "a", "id_token": 5}')),
    ("/jwks", (200, JSON, '{"keys": []}')),
    ("/jwks", (200, JSON, "[]")),
    ("/jwks", (503, JSON, "{}")),
    ("/userinfo", (401, JSON, '{"error": "invalid_token"}')),  # RFC 6750, 3.1
    ("/userinfo", (200, JSON, "[]")),
    ("/userinfo", (200, JSON, "null")),
]


@pytest.mark.parametrize(("path", "answer"), ANSWERS)
def test_sign_in_at_a_provider_whose_answer_makes_no_sense_has_a_page(client, provider, path, answer):
    provider.answers[path] = answer
    assert nobody_came_in(client, come_in(client))


CONFIGURATION = "/.well-known/openid-configuration"
CONFIGURATIONS = [
    (500, "text/html", "<h1>Sorry</h1>"),
    (200, "text/html", "<h1>Welcome</h1>"),
    (200, JSON, "[]"),
    (200, JSON, "{}"),
    (200, JSON, '{"issuer": 5}'),
    (200, JSON, '{"issuer": "https://evil.example", "token_endpoint": "https://evil.example/token"}'),
]


@pytest.mark.parametrize("answer", CONFIGURATIONS)
def test_sign_in_at_a_provider_that_does_not_say_what_it_is_has_a_page(client, provider, answer):
    """Discovery 4.2 and 4.3."""
    provider.answers[CONFIGURATION] = answer
    assert nobody_came_in(client, client.post(START))


def test_sign_in_at_a_page_that_browsers_would_not_go_to_has_a_page(client, provider, caplog):
    """The policy's form-action names the issuer's origin and those given as ?login= alone."""
    elsewhere = provider.configuration() | {"authorization_endpoint": "https://sso.example.org/authorize"}
    provider.configuration = lambda: elsewhere
    assert nobody_came_in(client, client.post(START))
    assert "name its origin by ?login=" in caplog.text


def test_sign_in_while_the_provider_is_away_says_so(client, provider):
    provider.close()
    response = client.post(f"/fr{START}")
    assert nobody_came_in(client, response)
    assert 'lang="fr"' in response.text
    assert "IUCN account does not answer at the moment" in client.post(START).text


def test_sign_in_whose_provider_goes_away_meanwhile_says_so(client, provider):
    back = way_back(client)
    provider.close()
    response = client.get(back)
    assert nobody_came_in(client, response)
    assert "IUCN account does not answer at the moment" in response.text


# --- buttons --------------------------------------------------------------------------------------------------------
FORM = re.compile(r'<form method="post" action="/accounts/oidc/([^/]+)/login/\?process=(\w+)[^"]*">(.*?)</form>', re.S)


def buttons(response):
    found = FORM.findall(response.text)
    assert all("csrfmiddlewaretoken" in inside for _one, _process, inside in found)
    return [(one, process, re.sub(r"<[^>]+>", "", inside).strip()) for one, process, inside in found]


PAGES = ["/accounts/login/", "/accounts/signup/"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_for_coming_in_have_a_button_for_each_provider(client, provider, settings, path):
    set_up(settings, provider.url(id="iucn", name="IUCN account"), provider.url(id="b", name="Blue & Co"))
    assert buttons(client.get(path)) == [("b", "login", "Blue &amp; Co"), ("iucn", "login", "IUCN account")]


@pytest.mark.parametrize("path", PAGES)
def test_pages_for_coming_in_have_no_button_without_a_provider(client, path):
    response = client.get(path)
    assert (buttons(response), "Or come in by" in response.text) == ([], False)


def test_sign_in_begins_by_a_button_alone(client, provider):
    response = client.get(f"{START}?process=login")
    assert (response.status_code, response.text.count("<h1"), "IUCN account" in response.text) == (200, 1, True)
    assert provider.asked == []


SHOWN = """
from django.conf import settings
print(*settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"])
print(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["name"])
"""


def test_settings_let_browsers_go_to_where_people_sign_in(tmp_path):
    """Content Security Policy 3, 6.4.1: form-action counts for redirects of a form, too."""
    url = "https://us:secret@id.example.org/realm?name=IUCN&login=https://sso.example.org"
    given = {"DJANGO_SETTINGS_MODULE": "portal.settings", "DEMO": "1", "DATA_DIR": str(tmp_path)}
    env = os.environ | given | {"OPENID_CONNECT_URL": url}
    told = subprocess.run([sys.executable, "-c", SHOWN], env=env, cwd=BASE_DIR, capture_output=True, text=True)
    assert told.stdout.splitlines() == ["'self' https://id.example.org https://sso.example.org", "IUCN"]


@pytest.mark.parametrize("path", [START, CALLBACK])
@pytest.mark.parametrize("name", ["nobody", "openid_connect"])
def test_provider_that_is_none_is_not_found(client, provider, settings, path, name):
    set_up(settings, provider.url(id="iucn"), provider.url(id="other"))
    path = path.replace("iucn", name)
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)


# --- in the settings of an account ------------------------------------------------------------------------------------
CONNECTIONS = "/accounts/3rdparty/"


@pytest.fixture
def ada(client):
    user = factories.user("Ada Obi", "ada@portal.example")
    client.post("/accounts/login/", {"login": user.email, "password": factories.PASSWORD})
    return SimpleNamespace(user=user, client=client)


def surely(client, response):
    """Show once more who one is, where that is asked."""
    assert response["Location"].startswith("/accounts/reauthenticate/")
    return client.post(response["Location"], {"password": factories.PASSWORD})


def test_connecting_asks_who_one_is_and_tells_by_mail(ada, provider):
    assert buttons(ada.client.get(CONNECTIONS)) == [("iucn", "connect", "IUCN account")]
    response = surely(ada.client, come_in(ada.client, start=f"{START}?process=connect"))
    assert response["Location"] == CONNECTIONS
    assert SocialAccount.objects.get().user == ada.user
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["account_connected"]
    assert "IUCN account, ada@example.org" in ada.client.get(CONNECTIONS).text.replace("Ada@Example", "ada@example")


def test_connecting_adds_no_address(ada, provider):
    surely(ada.client, come_in(ada.client, start=f"{START}?process=connect"))
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["ada@portal.example"]


def test_connecting_what_belongs_to_another_account_is_refused(ada, provider):
    other = connected().user
    response = surely(ada.client, come_in(ada.client, start=f"{START}?process=connect"))
    page = ada.client.get(response["Location"])
    assert "already connected to a different account" in page.text
    assert SocialAccount.objects.get().user == other


def test_connecting_given_up_changes_nothing(ada, provider):
    provider.refusal = "access_denied"
    assert "cancelled" in come_in(ada.client, start=f"{START}?process=connect")["Location"]
    assert (SocialAccount.objects.count(), is_signed_in(ada.client)) == (0, True)


@pytest.mark.parametrize("known", ["iucn", "gone"])
def test_disconnecting_works_also_where_the_provider_is_gone(ada, provider, known):
    account = connected(ada.user, provider=known)
    assert "ada@iucn.org" in ada.client.get(CONNECTIONS).text
    response = surely(ada.client, ada.client.post(CONNECTIONS, {"account": account.pk}))
    assert response["Location"] == CONNECTIONS
    assert SocialAccount.objects.count() == 0
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["account_disconnected"]


def test_disconnecting_the_only_way_in_is_refused(client, provider):
    come_in(client)
    response = client.post(CONNECTIONS, {"account": SocialAccount.objects.get().pk})
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["__all__"])
    assert SocialAccount.objects.count() == 1


def test_disconnecting_what_is_somebody_elses_is_refused(ada, provider):
    account = connected()
    response = ada.client.post(CONNECTIONS, {"account": account.pk})
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["account"])
    assert SocialAccount.objects.count() == 1
