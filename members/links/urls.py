from django.urls import path

from members.links import views

urlpatterns = [
    path("me/links/", views.my_links, name="my_links"),
    path("me/links/<int:pk>/remove/", views.remove_link, name="remove_link"),
    path("me/links/<int:pk>/up/", views.move_link, name="move_link"),
    path("me/links/<int:pk>/look/", views.look_at_link, name="look_at_link"),
    path("me/links/<int:pk>/harvest/", views.harvest_link, name="harvest_link"),
]
