from django.urls import path

from portal.contacts import views

urlpatterns = [
    path("preferences/<str:key>/", views.preferences, name="preferences"),
]
