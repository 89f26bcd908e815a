"""Extensions and queues: tables on the connection's page."""

from unfold.admin import TabularInline

from connector.models import Agent, Queue


class AgentInline(TabularInline):
    model = Agent
    extra = 0
    hide_title = True
    fields = ["extension", "email", "zoho_user", "has_no_zoho_user"]


class QueueInline(TabularInline):
    model = Queue
    extra = 0
    hide_title = True
    fields = ["extension", "name", "owner", "ring_seconds"]
