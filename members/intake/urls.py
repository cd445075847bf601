from django.urls import path

from members.intake import views

urlpatterns = [
    path("join/claim/<str:token>/", views.claim, name="claim"),
    path("join/claim/<str:token>/decline/", views.decline_profile, name="decline_profile"),
    path("join/claim/<str:token>/new-link/", views.new_claim_link, name="new_claim_link"),
]
