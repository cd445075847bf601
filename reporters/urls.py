from django.urls import include, path

app_name = "reporters"
urlpatterns = [
    path("", include("reporters.coverage.urls")),
]
