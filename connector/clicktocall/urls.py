"""Addresses of click to call: the browser extension's, and the page behind a link of Zoho."""

from django.urls import path

from connector.views import agent, dial_page, extension

urlpatterns = [
    path("agent/me", agent.describe_me, name="agent-me"),
    path("agent/call", agent.call, name="agent-call"),
    path("agent/extension.zip", extension.download_extension, name="agent-extension"),
    path("dial", dial_page.show_dial_page, name="dial"),
]
