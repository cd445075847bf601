from django.urls import path

from members.recruitment import views

urlpatterns = [
    path("me/invite/", views.invite, name="invite"),
    path("join/<str:token>/", views.invitation, name="invitation"),
    path("join/<str:token>/opened/", views.open_invitation, name="open_invitation"),
    path("join/<str:token>/accept/", views.accept_invitation, name="accept_invitation"),
    path("join/<str:token>/decline/", views.decline_invitation, name="decline_invitation"),
    path("join/<str:token>/no-more/", views.refuse_invitations, name="refuse_invitations"),
]
