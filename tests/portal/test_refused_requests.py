"""What no browser sends from our pages is refused before anything reads it."""

import pytest
from django.conf import settings as django_settings

from tests import factories

pytestmark = pytest.mark.django_db
MEGABYTE = 2**20


def test_body_of_a_stranger_over_a_megabyte_is_refused_unread(client):
    response = client.generic("POST", "/accounts/login/", b"x" * (MEGABYTE + 1), "application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "This is too much at once." in response.text
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_body_of_a_person_with_a_session_may_hold_ten_pictures(signed_in):
    client = signed_in(factories.member().user)
    whole = client.generic("POST", "/coverage/new/", b"x" * (2 * MEGABYTE), "application/octet-stream")
    announced = str(django_settings.BODY_MAX_BYTES + 1)
    more = client.generic("POST", "/coverage/new/", b"x", "application/octet-stream", CONTENT_LENGTH=announced)
    assert (whole.status_code, more.status_code) == (200, 413)


@pytest.mark.parametrize("charset", ["hex", "utf-7", "unicode_escape", "latin-1"])
def test_form_in_another_charset_is_refused(client, charset):
    response = client.generic(
        "POST", "/accounts/login/", b"login=a", f"multipart/form-data; boundary=x; charset={charset}"
    )
    assert response.status_code == 400


def test_session_cookie_that_is_none_is_forgotten(client):
    response = client.get("/", headers={"Cookie": 'portal_session="\\000abcdefghijklmnopqrstuvw"'})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "lookup", ["password__startswith=scrypt", "password__contains=a", "is_superuser=1", "groups__name=Coordinators"]
)
def test_list_of_accounts_answers_no_question_that_it_does_not_offer(signed_in, lookup):
    response = signed_in(factories.coordinator()).get(f"/admin/portal/user/?{lookup}")
    assert response.status_code == 400


@pytest.mark.parametrize("lookup", ["text__contains=key", "html__contains=key", "contact__user__password__contains=a"])
def test_list_of_mails_answers_no_question_that_it_does_not_offer(signed_in, lookup):
    response = signed_in(factories.coordinator()).get(f"/admin/portal/outgoingmail/?{lookup}")
    assert response.status_code == 400


def test_list_of_accounts_keeps_its_own_filters(signed_in):
    response = signed_in(factories.coordinator()).get("/admin/portal/user/?is_staff__exact=1")
    assert response.status_code == 200
