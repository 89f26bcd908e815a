"""Addresses that the PBX posts its reports to, that monitoring asks, and that stand in texts."""

from django.urls import path

from journaling import views
from journaling.admin.page_link import open_call_page
from journaling.creating import caller_page
from journaling.operating import views as operating

urlpatterns = [
    path("pbx/<str:slug>/calls", views.receive_call, name="pbx-calls"),
    path("pbx/<str:slug>/chats", views.receive_chat, name="pbx-chats"),
    path("pbx/<str:slug>/contacts", views.create_contact, name="pbx-contacts"),
    path("readyz", operating.answer_readiness, name="readyz"),
    path("metrics", operating.answer_metrics, name="metrics"),
    path("c/<str:reference>", open_call_page, name="call-page"),
    path("callers/<str:token>", caller_page.show_caller, name="caller"),
]
