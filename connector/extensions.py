"""Extensions and queues with their e-mails and names, read over the PBX's API.

What a person set stays: a row that somebody made or changed is never touched, nor doubled.
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from connector.models import (
    Agent,
    Connection,
    DialSettings,
    ExtensionReading,
    Queue,
    RowSource,
)
from connector.threecx.xapi import PbxQueue, PbxUser, XapiError, list_queues, list_users
from connector.wording import Wording as _
from connector.xapi_tokens import ask_pbx

log = logging.getLogger(__name__)

READ_EVERY = timedelta(hours=6)
AFTER_TROUBLE = timedelta(hours=1)
LONGEST_EXTENSION = 20


def list_due(*, now: datetime) -> Iterator[Connection]:
    """Connections with an API whose extensions are to be read again."""
    recent = ExtensionReading.objects.filter(
        Q(trouble="", tried_at__gt=now - READ_EVERY)
        | ~Q(trouble="") & Q(tried_at__gt=now - AFTER_TROUBLE)
    )
    dials = DialSettings.objects.filter(connection__active=True).exclude(
        connection__in=recent.values("connection")
    )
    yield from (dial.connection for dial in dials.select_related("connection") if dial.has_api)


def read_extensions(connection: Connection) -> ExtensionReading:
    """Ask the PBX and store what it says. Trouble is written on the row, never raised."""
    reading, _made = ExtensionReading.objects.get_or_create(connection=connection)
    row = ExtensionReading.objects.filter(pk=reading.pk)
    row.update(tried_at=timezone.now())
    try:
        users, queues = ask_for_both(connection)
    except XapiError as error:
        log.warning("%s: extensions were not read (%s)", connection.slug, error.code)
        row.update(trouble=error.words)
    else:
        with transaction.atomic():
            # One at a time: two readings would make the same rows.
            Connection.objects.select_for_update().get(pk=connection.pk)
            store_users(connection, users)
            store_queues(connection, queues)
            row.update(trouble="", read_at=timezone.now())
    reading.refresh_from_db()
    return reading


def ask_for_both(connection: Connection) -> tuple[list[PbxUser], list[PbxQueue]]:
    """Raises XapiError."""
    dial = DialSettings.objects.filter(connection=connection).select_related("connection").first()
    if dial is None:
        raise XapiError(_("The PBX's API is not set up in the portal."), code="not_set_up")
    users = ask_pbx(dial, lambda url, token: list_users(url, token=token))
    return users, ask_pbx(dial, lambda url, token: list_queues(url, token=token))


def store_users(connection: Connection, users: Sequence[PbxUser]) -> None:
    """No user at all is no answer to believe: nothing is deleted then."""
    if not users:
        return
    own = list(connection.agents.filter(source=RowSource.MANUAL))
    extensions = {agent.extension for agent in own if agent.extension}
    emails = {agent.email.casefold() for agent in own if not agent.extension}
    wanted = {
        user.extension: keep_email(user.email)
        for user in users
        if len(user.extension) <= LONGEST_EXTENSION
        and user.extension not in extensions
        and user.email.casefold() not in emails - {""}
    }
    rows = connection.agents.filter(source=RowSource.PBX)
    rows.exclude(extension__in=wanted).delete()
    stored = {agent.extension: agent for agent in rows}
    for extension, email in wanted.items():
        if extension not in stored:
            Agent.objects.create(
                connection=connection, extension=extension, email=email, source=RowSource.PBX
            )
        elif stored[extension].email != email:
            rows.filter(pk=stored[extension].pk).update(email=email)


def keep_email(text: str) -> str:
    """Empty for what is none."""
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text


def store_queues(connection: Connection, queues: Sequence[PbxQueue]) -> None:
    own = connection.queues.filter(source=RowSource.MANUAL)
    taken: Collection[str] = set(own.values_list("extension", flat=True))
    wanted = {
        queue.extension: {"name": queue.name[:100], "ring_seconds": queue.ring_seconds}
        for queue in queues
        if queue.extension not in taken and len(queue.extension) <= LONGEST_EXTENSION
    }
    connection.queues.filter(source=RowSource.PBX).exclude(extension__in=wanted).delete()
    for extension, facts in wanted.items():
        Queue.objects.update_or_create(
            connection=connection, extension=extension, source=RowSource.PBX, defaults=facts
        )
