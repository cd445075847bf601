from django.urls import path, register_converter
from django.urls.converters import StringConverter

from reporters.coverage import drafting, views


class ReferenceConverter(StringConverter):
    regex = "[2-9a-hj-km-np-z]{10}"


register_converter(ReferenceConverter, "reference")

urlpatterns = [
    path("coverage/", views.coverage_list, name="coverage_list"),
    path("coverage/new/", drafting.coverage_new, name="coverage_new"),
    path("coverage/<reference:reference>/", views.coverage_detail, name="coverage_detail"),
    path("coverage/<reference:reference>/edit/", drafting.coverage_edit, name="coverage_edit"),
    path("coverage/<reference:reference>/withdraw/", drafting.coverage_withdraw, name="coverage_withdraw"),
    path("coverage/<reference:reference>/discard/", drafting.coverage_discard, name="coverage_discard"),
    path("coverage/<reference:reference>/photos/<int:pk>/", views.coverage_photo, name="coverage_photo"),
    path("wall/<str:tag>/", views.wall, name="wall"),
]
