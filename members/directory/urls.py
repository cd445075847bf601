from django.urls import path

from members.directory import views

urlpatterns = [
    path("", views.member_list, name="member_list"),
    path("<slug:slug>/", views.member_detail, name="member_detail"),
]
