"""Addresses of the portal: the admin, the PBX's doors, Zoho's callback, health."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("connector.urls")),
    path("", include("journaling.urls")),
]
