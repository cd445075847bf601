from django.urls import path

from portal.personal import views

urlpatterns = [
    path("me/data/", views.my_data, name="my_data"),
    path("me/data/<uuid:pk>/", views.download_data, name="download_data"),
    path("me/data/withdraw/<slug:key>/", views.withdraw_consent, name="withdraw_consent"),
    path("me/delete/", views.delete_account, name="delete_account"),
    path("me/delete/done/", views.account_deleted, name="account_deleted"),
]
