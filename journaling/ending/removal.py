"""Deleting a connection: everything of it here, its authorization at Zoho, and the copy of Zoho's
people, unless another connection needs them. What was written to Zoho stays there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.db.models.query import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.granting.switching import Stale, describe_stale, revoke_unused
from connector.models import (
    Connection,
    MirroredKey,
    MirroredPerson,
    ProposedGrant,
    ZohoGrant,
    ZohoOrganisation,
)
from journaling.models import Attempt, Entry, Event

MANY = (Event, Attempt, Entry)
"""With hundreds of thousands of rows: deleted by statements, never loaded."""


@dataclass(frozen=True, kw_only=True)
class Removed:
    """What is to be taken back at Zoho, once the deletion is certain."""

    connection: Connection
    stale: list[Stale]

    def revoke(self) -> bool:
        """True when Zoho took back all that nobody else uses. Speaks to Zoho."""
        return revoke_unused(self.connection, self.stale)


def remove_connection(connection: Connection) -> Removed:
    """All or nothing. Call `revoke` of what it returns after the commit."""
    with transaction.atomic():
        Connection.objects.select_for_update().get(pk=connection.pk)
        grants = list_grants(connection)
        removed = Removed(connection=connection, stale=[describe_stale(one) for one in grants])
        organisations = [grant.organisation for grant in grants]
        for model in MANY:
            delete_all(model.objects.filter(connection=connection.pk))
        Connection.objects.filter(pk=connection.pk).delete()
        for organisation in organisations:
            remove_unused(organisation)
    return removed


def list_grants(connection: Connection) -> list[ZohoGrant | ProposedGrant]:
    return [
        grant
        for model in (ZohoGrant, ProposedGrant)
        for grant in model.objects.filter(connection=connection).select_related("organisation")
    ]


def delete_all(rows: QuerySet[Any]) -> None:
    """Rows and what hangs on them by their foreign keys, each table by one statement."""
    for relation in rows.model._meta.related_objects:
        other, name = relation.related_model, relation.field.name
        if relation.many_to_many or other is rows.model:
            continue  # the table between has keys of its own; followers go with the rest
        hanging = other._base_manager.filter(**{f"{name}__in": rows.values("pk")})
        if relation.on_delete is models.CASCADE:
            delete_all(hanging)
        else:
            hanging.update(**{name: None})
    rows._raw_delete(rows.db)


def remove_unused(organisation: ZohoOrganisation) -> None:
    """The organisation with its mirror, unless another connection is authorised for it."""
    if is_used(organisation):
        return
    for model in (MirroredKey, MirroredPerson):
        delete_all(model.objects.filter(organisation=organisation))
    organisation.delete()


def is_used(organisation: ZohoOrganisation, *, besides: Connection | None = None) -> bool:
    others = ~Q(connection=besides.pk if besides else None)
    return any(
        model.objects.filter(others, organisation=organisation).exists()
        for model in (ZohoGrant, ProposedGrant)
    )


def list_consequences(connection: Connection) -> Iterator[str]:
    """What will be gone, in sentences, worst first."""
    own = Entry.objects.filter(connection=connection)
    open_states = [*Entry.OPEN_STATES, Entry.State.PARKED]
    fresh = Event.objects.filter(connection=connection, entry=None).count()
    if waiting := own.filter(state__in=open_states).count() + fresh:
        yield ngettext(
            "%(number)s call or chat is not in Zoho yet and never will be.",
            "%(number)s calls and chats are not in Zoho yet and never will be.",
            waiting,
        ) % {"number": waiting}
    yield _("The PBX is refused from now on; its calls are lost until it is connected anew.")
    for organisation in dict.fromkeys(grant.organisation for grant in list_grants(connection)):
        yield _("The authorization at Zoho (%s) is taken back.") % organisation.name
        if not is_used(organisation, besides=connection):
            people = MirroredPerson.objects.filter(organisation=organisation).count()
            yield ngettext(
                "The contact directory of %(name)s goes: %(number)s person.",
                "The contact directory of %(name)s goes: %(number)s people.",
                people,
            ) % {"name": organisation.name, "number": people}
    yield _("Settings, keys and history of the connection go. What stands in Zoho stays there.")


def count_rows(connection: Connection) -> dict[str, int]:
    """By the table's name."""
    return {
        str(model._meta.verbose_name_plural): model.objects.filter(connection=connection).count()
        for model in MANY
    }
