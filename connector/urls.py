"""Addresses of both ends: Zoho's callback, caller lookup, health."""

from django.urls import path

from connector.views import consent, hello, lookup, search

urlpatterns = [
    path("pbx/<str:slug>/lookup", lookup.look_up, name="pbx-lookup"),
    path("pbx/<str:slug>/lookup-by-email", lookup.look_up_email, name="pbx-lookup-by-email"),
    path("pbx/<str:slug>/search", search.search, name="pbx-search"),
    path("pbx/<str:slug>/hello", hello.say_hello, name="pbx-hello"),
    path("connections/<int:pk>/authorize", consent.authorize, name="zoho-authorize"),
    path("api/oauth2crm", consent.receive_consent, name="zoho-callback"),
]
