"""Every address of the portal. English ones are bare; French and Spanish stand under /fr/ and /es/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from members.directory import views as directory
from portal.group.urls import plain_urlpatterns as group_plain
from portal.home import views as home
from portal.users import views as users

# A provider of mail tells of bounces and complaints there; anymail checks the secret that it must show.
has_webhook = settings.MAIL_PROVIDER is not None and "WEBHOOK_SECRET" in settings.MAIL_PROVIDER["settings"]
provider_urlpatterns = [path("anymail/", include("anymail.urls"))] if has_webhook else []

handler400 = "portal.home.views.bad_request"
handler403 = "portal.home.views.forbidden"
handler404 = "portal.home.views.not_found"
handler500 = "portal.home.views.server_error"

urlpatterns = [
    path("", include("portal.health.urls")),
    path("", include("portal.outbox.urls")),
    path("", include(group_plain)),
    path("robots.txt", home.robots, name="robots"),
    path("sitemap.xml", home.sitemap, name="sitemap"),
    path("media/<path:name>", home.media, name="media"),
    *provider_urlpatterns,
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", home.home, name="home"),
        path("me/", home.me, name="me"),
        path("me/profile/", directory.profile_edit, name="profile_edit"),
        path("me/profile/seen-by/<slug:audience>/", directory.seen_as, name="seen_as"),
        path("", include("portal.contacts.urls")),
        path("", include("portal.personal.urls")),
        path("styleguide/", home.styleguide, name="styleguide"),
        path("accounts/2fa/totp/qr.svg", users.totp_qr, name="totp_qr"),
        path("accounts/signup/", users.sign_up, name="account_signup"),
        path("accounts/", include("allauth.urls")),
        path("members/", include("members.urls")),
        path("events/", include("events.urls")),
        path("", include("members.intake.urls")),
        path("", include("members.joining.urls")),
        path("", include("members.letters.urls")),
        path("", include("members.links.urls")),
        path("", include("members.membership.urls")),
        path("", include("members.recruitment.urls")),
        path("", include("reporters.urls")),
        path("", include("portal.group.urls")),
        prefix_default_language=False,
    ),
]
