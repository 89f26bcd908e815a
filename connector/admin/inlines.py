"""Extensions and queues: tables on the connection's page."""

from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import display

from connector.admin.row_form import RowForm
from connector.models import Agent, Queue, RowSource, ZohoGrant, ZohoUser


class OwnRowForm(RowForm):
    """What a person changed is theirs: the PBX no longer changes it."""

    def save(self, commit: bool = True) -> Any:
        self.instance.source = RowSource.MANUAL
        return super().save(commit)


class SourceInline(TabularInline):
    form = OwnRowForm
    extra = 0
    hide_title = True

    @display(description=gettext_lazy("source"))
    def show_source(self, row: Any) -> str:
        return str(row.get_source_display())


class AgentInline(SourceInline):
    model = Agent
    fields = ["extension", "email", "zoho_user", "has_no_zoho_user", "show_user", "show_source"]
    readonly_fields = ["show_user", "show_source"]
    instance_id: int | None = None

    @cached_property
    def names(self) -> dict[str, str]:
        """Zoho's active users by e-mail; read once for the page."""
        grants = ZohoGrant.objects.filter(connection=self.instance_id)
        users = ZohoUser.objects.filter(active=True, organisation__in=grants.values("organisation"))
        return {user.email.strip().casefold(): user.name for user in users if user.email}

    @display(description=gettext_lazy("Zoho user"))
    def show_user(self, agent: Agent) -> str:
        if agent.pk is None or agent.has_no_zoho_user:
            return "–"
        self.instance_id = agent.connection_id
        email = (agent.zoho_user or agent.email).strip().casefold()
        return self.names.get(email) or _("none with this e-mail")


class QueueInline(SourceInline):
    model = Queue
    fields = ["extension", "name", "owner", "ring_seconds", "show_source"]
    readonly_fields = ["show_source"]
