"""Addresses that the PBX posts its reports to."""

from django.urls import path

from journaling import views

urlpatterns = [
    path("pbx/<str:slug>/calls", views.receive_call, name="pbx-calls"),
    path("pbx/<str:slug>/chats", views.receive_chat, name="pbx-chats"),
]
