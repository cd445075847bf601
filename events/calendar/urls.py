from django.urls import path

from events.calendar import views

urlpatterns = [
    path("", views.event_list, name="event_list"),
    path("<slug:slug>/", views.event_detail, name="event_detail"),
    path("<slug:slug>.ics", views.event_ics, name="event_ics"),
]
