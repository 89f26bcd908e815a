"""Addresses that the PBX posts its reports to."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
