"""A copy becomes ready at the moment in which the account is deleted."""

from threading import Event, Thread

import pytest
from django.core.files.storage import storages
from django.db import connection, transaction

from portal.personal import deletion, services, traces
from portal.personal.models import DataExport
from portal.users.models import User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_copy_that_is_ready_between_the_look_and_the_deletion_leaves_no_file(monkeypatch):
    export = services.ask_for_copy(factories.user("Ada Obi", "ada@example.org"))
    written, looked = Event(), Event()
    finish, forget_files = services._finish, traces.forget_files

    def finish_late(one):
        written.set()
        looked.wait(20)
        return finish(one)

    def work():
        try:
            services.make(str(export.pk))
        finally:
            connection.close()

    worker = Thread(target=work)

    def forget_late(rows):
        if any(isinstance(row, DataExport) for row in rows):
            looked.set()
            worker.join(2)  # it is done by then, unless it has to wait
        forget_files(rows)

    monkeypatch.setattr(services, "_finish", finish_late)
    monkeypatch.setattr(traces, "forget_files", forget_late)
    worker.start()
    assert written.wait(20)
    person = User.objects.get(pk=export.user_id)
    with transaction.atomic():
        deletion.delete_account(person, by=person)
    worker.join(20)
    names = storages["private"].listdir("exports")[1]
    assert (DataExport.objects.count(), [name for name in names if str(export.pk) in name]) == (0, [])
