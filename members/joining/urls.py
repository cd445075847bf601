from django.urls import path

from members.joining import views

urlpatterns = [
    path("join/", views.join, name="join"),
]
