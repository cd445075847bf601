"""Things kept until content changes: one making, within a room, never beyond a change that could not be told."""

import pytest

from portal.shared import kept, version
from portal.shared.kept import each_once_a_change, once_a_change

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def drawer(monkeypatch):
    made = kept._Drawer()
    monkeypatch.setattr(kept, "_drawer", made)
    return made


def test_thing_is_made_once_until_content_changes():
    made = []
    for _ in range(3):
        once_a_change("thing", lambda: made.append(1))
    version._reader.replace()
    once_a_change("thing", lambda: made.append(1))
    assert len(made) == 2


def test_things_stay_within_their_room(drawer, monkeypatch):
    monkeypatch.setattr(kept, "ROOM", 1000)
    for number in range(50):
        once_a_change(f"thing {number}", lambda: "x" * 100)
    assert drawer._size <= 1000
    assert len(drawer._things) <= 10


def test_thing_that_is_too_old_is_made_anew(monkeypatch):
    monkeypatch.setattr(kept, "LONGEST", -1)
    made = []
    for _ in range(2):
        once_a_change("thing", lambda: made.append(1))
    assert len(made) == 2


def test_version_that_could_not_be_raised_shares_nothing_until_it_is(settings, monkeypatch):
    reader = version._Reader()
    monkeypatch.setattr(version, "_reader", reader)
    before = version.current()
    monkeypatch.setattr(reader, "client", lambda: (_ for _ in ()).throw(OSError("away")))
    version._raise_now()
    assert (version.current(), reader._is_owed) == (None, True)
    monkeypatch.undo()
    monkeypatch.setattr(version, "_reader", reader)
    reader.forget()
    assert version.current() not in {None, before}


def test_addresses_with_long_queries_are_not_carried_along(client):
    text = client.get("/", {"x": "'" * 5000}).text
    assert "'''" not in text
    assert "&#x27;&#x27;" not in text


def test_things_of_many_keys_are_made_together_once_a_change():
    asked = []

    def make(keys):
        asked.append(keys)
        return {key: key * 2 for key in keys if key != 3}

    assert each_once_a_change("double", [1, 2], make) == {1: 2, 2: 4}
    assert each_once_a_change("double", [2, 3, 4], make) == {2: 4, 4: 8}
    version._reader.replace()
    each_once_a_change("double", [1], make)
    assert asked == [[1, 2], [3, 4], [1]]


def test_thing_that_takes_the_place_of_another_takes_its_room(drawer):
    for mark in (b"1", b"2", b"3"):
        drawer.put("thing", mark, "x" * 100)
    assert drawer._size == 100
