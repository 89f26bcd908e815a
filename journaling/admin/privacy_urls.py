"""The addresses of a person's request."""

from django.urls import path

from journaling.admin.erasures import show_erasure
from journaling.admin.privacy import show_privacy

urlpatterns = [
    path("", show_privacy, name="privacy"),
    path("<int:erasure_id>/", show_erasure, name="privacy-erasure"),
]
