"""Addresses of both ends: Zoho's callback, caller lookup, health."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
