from django.urls import path

from members.directory import downloads, views

urlpatterns = [
    path("", views.member_list, name="member_list"),
    path("export.csv", downloads.member_export, name="member_export"),
    path("blogs.opml", downloads.member_blogs, name="member_blogs"),
    path("<slug:slug>/", views.member_detail, name="member_detail"),
    path("<slug:slug>/card.vcf", downloads.member_card, name="member_card"),
]
