"""The portal's addresses where a provider of mail is set."""

from django.urls import include, path

from portal.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [path("anymail/", include("anymail.urls")), *urlpatterns]
