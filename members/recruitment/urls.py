from django.urls import path

from members.recruitment import views

urlpatterns = [
    path("join/<str:token>/", views.invitation, name="invitation"),
]
