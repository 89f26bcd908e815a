"""The contact directory on the connection's page: how far it is, what it costs, what one may do."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from connector.access.asking import find_changeable
from connector.access.roles import VIEW_CONNECTION
from connector.access.scope import narrow
from connector.admin.buttons import show_connection
from connector.labels import name_module
from connector.models import Connection, Mirror, ZohoGrant, ZohoOrganisation
from connector.people.fields import MODULES
from connector.sync.budget import find_share
from connector.sync.standing import Standing, describe_mirror
from connector.sync.words import SHARES, describe_seconds, describe_shares
from connector.wording import Wording as _

STATES = {
    "empty": gettext_lazy("not read yet"),
    "filling": gettext_lazy("being read"),
    "complete": gettext_lazy("complete"),
    "absent": gettext_lazy("not in this organisation"),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One module; `name` is the organisation's, `left` how long the reading still takes, "" when
    nobody knows."""

    mirror: Mirror
    name: str
    standing: Standing
    state: Any
    left: str


@dataclass(frozen=True, kw_only=True)
class DirectoryBox:
    share: int
    rows: list[Row]
    sentences: dict[int, str]
    others: list[Connection]

    @property
    def sentence(self) -> str:
        return self.sentences[self.share]


def describe_box(
    connection: Connection, grant: ZohoGrant | None, *, user: Any
) -> DirectoryBox | None:
    """None before authorising. Other customers are named to those only who may see them."""
    if grant is None:
        return None
    organisation = grant.organisation
    mirrors = {one.module: one for one in organisation.mirrors.all()}
    sharing = Connection.objects.filter(grant__organisation=organisation).exclude(pk=connection.pk)
    return DirectoryBox(
        share=find_share(organisation),
        rows=[describe_row(mirrors[module]) for module in MODULES if module in mirrors],
        sentences=describe_shares(organisation),
        others=list(narrow(sharing, user, right=VIEW_CONNECTION)),
    )


def describe_row(mirror: Mirror) -> Row:
    standing = describe_mirror(mirror)
    left = standing.seconds_left
    return Row(
        mirror=mirror,
        name=name_module(mirror.organisation, mirror.module),
        standing=standing,
        state=STATES[standing.state],
        left="" if left is None else describe_seconds(left),
    )


@require_POST
def compare_directory(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """All ids of Zoho beside ours, at the next tick."""
    connection, organisation = find_organisation(request, pk=pk)
    organisation.mirrors.update(compared_at=None)
    model_admin.log_change(request, connection, _("Compare the contact directory."))
    messages.success(request, gettext("The comparison begins within half a minute."))
    return show_connection(connection, tab="matching")


@require_POST
def refill_directory(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Every record anew; lookups answer from what is here meanwhile."""
    connection, organisation = find_organisation(request, pk=pk)
    organisation.mirrors.update(fields_digest="", waits_until=None)
    model_admin.log_change(request, connection, _("Read the contact directory anew."))
    messages.success(
        request, gettext("The reading begins within half a minute. Callers are known meanwhile.")
    )
    return show_connection(connection, tab="matching")


@require_POST
def save_share(request: HttpRequest, *, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    connection, organisation = find_organisation(request, pk=pk)
    text = request.POST.get("share", "")
    if not text.isdecimal() or int(text) not in SHARES:
        messages.error(request, gettext("Write a whole number of per cent from 1 to 90."))
        return show_connection(connection, tab="matching")
    Connection.objects.filter(grant__organisation=organisation).update(credit_share=int(text))
    model_admin.log_change(
        request, connection, _("Share of API credits: %(share)s %%.", share=text)
    )
    messages.success(request, gettext("Saved. %s") % describe_shares(organisation)[int(text)])
    return show_connection(connection, tab="matching")


def find_organisation(request: HttpRequest, *, pk: int) -> tuple[Connection, ZohoOrganisation]:
    """Raises Http404 before authorising."""
    connection = find_changeable(request, pk=pk)
    grant = getattr(connection, "grant", None)
    if grant is None:
        raise Http404
    return connection, grant.organisation
