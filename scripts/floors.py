"""What Django can do at best on this machine: an empty view, and a bare list of 50 rows. Served by scripts/bench.py."""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from portal import addresses

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": addresses.database(os.environ["DATABASE_URL"])},
    ROOT_URLCONF=__name__,
    SECRET_KEY="only for measuring",  # noqa: S106 - signs nothing
    USE_TZ=True,
)
django.setup()

LIST = Engine().from_string(
    "<ul>{% for row in rows %}<li><a href='/{{ row.pk }}/'>{{ row.title }}</a> {{ row.starts_at|date:'j F Y' }} "
    "{{ row.summary|truncatewords:20 }}</li>{% endfor %}</ul>"
)


class Row(models.Model):
    title = models.TextField()
    summary = models.TextField()
    starts_at = models.DateTimeField()

    objects: models.Manager["Row"] = models.Manager()

    class Meta:
        app_label = "floors"
        db_table = "bench_floor"
        managed = False

    def __str__(self) -> str:
        return self.title


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def bare_list(request: HttpRequest) -> HttpResponse:
    return HttpResponse(LIST.render(Context({"rows": Row.objects.order_by("starts_at")[:50]})))


urlpatterns = [path("empty/", empty), path("list/", bare_list)]
application = get_wsgi_application()
