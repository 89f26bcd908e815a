"""Addresses of the portal: health, the admin, the PBX's doors, Zoho's callback."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config.health import answer_health

urlpatterns = [
    path("healthz", answer_health, name="healthz"),
    # Before the pages: a phone is ringing.
    path("", include("connector.urls")),
    path("", include("journaling.urls")),
    path("admin/language/", include("django.conf.urls.i18n")),
    path("admin/queues/", include("journaling.admin.urls")),
    path("admin/privacy/", include("journaling.admin.privacy_urls")),
    path("admin/", include("connector.access.urls")),
    path("admin/", admin.site.urls),
    path("", include("connector.clicktocall.urls")),
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
]
