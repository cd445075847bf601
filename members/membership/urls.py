from django.urls import path

from members.membership import views

urlpatterns = [
    path("me/membership/", views.membership, name="membership"),
    path("me/membership/pause/", views.pause, name="pause_membership"),
    path("me/membership/resume/", views.resume, name="resume_membership"),
    path("me/membership/leave/", views.leave, name="leave_membership"),
    path("me/membership/return/", views.return_, name="return_membership"),
    path("renew/<str:token>/", views.renew, name="renew"),
]
