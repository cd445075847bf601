from django.urls import path

from portal.group import views

urlpatterns = [
    path("pages/<slug:slug>/", views.page, name="page"),
]
plain_urlpatterns = [
    path("group.css", views.colours, name="group_colours"),
]
