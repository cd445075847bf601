from django.urls import path

from members.letters import strangers, views

urlpatterns = [
    path("me/requests/", views.letter_list, name="letter_list"),
    path("me/requests/off/", views.take_no_requests, name="take_no_requests"),
    path("me/requests/<slug:reference>/", views.letter, name="letter"),
    path("me/requests/<slug:reference>/answer/", views.answer_letter, name="answer_letter"),
    path("me/requests/<slug:reference>/decline/", views.decline_letter, name="decline_letter"),
    path("me/requests/<slug:reference>/report/", views.report_letter, name="report_letter"),
    path("members/<slug:slug>/write/", views.write_letter, name="write_letter"),
    path("members/<slug:slug>/write/sent/", strangers.letter_sent, name="letter_sent"),
    path("requests/confirm/<str:token>/", strangers.confirm_letter, name="confirm_letter"),
]
