"""A list that the web server and workers carry on at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from members.prospects import services
from members.prospects.models import ProspectList
from tests import factories

PEOPLE = [f"Person {number},p{number}@example.org" for number in range(12)]


@pytest.mark.django_db(transaction=True)
def test_list_carried_on_by_many_at_once_is_added_whole_and_once(monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 1)
    found = factories.prospects(*PEOPLE)
    services.add(found, by=factories.coordinator())

    def carry_on(_hand):
        services.carry_on(found.pk)
        connection.close()

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(carry_on, range(4)))
    found = ProspectList.objects.get(pk=found.pk)
    assert (found.status, found.added, found.drive.invitations.count()) == ("added", len(PEOPLE), len(PEOPLE))
