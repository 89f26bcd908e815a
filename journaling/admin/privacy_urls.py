"""The address of the page for a person's request."""

from django.urls import path

from journaling.admin.privacy import show_privacy

urlpatterns = [path("", show_privacy, name="privacy")]
