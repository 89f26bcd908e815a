"""Refused knocks in words: who knocked at a connection's doors, and what to do in 3CX."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.models import Connection, PbxKey, RefusedKnock
from connector.moments import show_moment

Reason = RefusedKnock.Reason
NEWS = timedelta(hours=24)
MOST_SHOWN = 20
ABOUT_KEYS = set(Reason) - {Reason.TOO_LARGE, Reason.TOO_OFTEN}


def list_refusals(connection: Connection) -> list[dict[str, object]]:
    """What the connection's page shows, newest first: {"knock", "sentence"}."""
    knocks = RefusedKnock.objects.filter(slug=connection.slug).order_by("-last_at")[:MOST_SHOWN]
    valid = find_valid_key(connection)
    return [
        {"knock": knock, "sentence": describe_knock(knock, zone=connection.time_zone, valid=valid)}
        for knock in knocks
    ]


def find_unmended(connections: Sequence[Connection]) -> list[tuple[Connection, str]]:
    """Knocks of the last day since which no valid key was seen; one sentence per connection.

    A right key from a wrong address is told in any case: the PBX has moved, or it was stolen.
    """
    told = []
    for connection, knock in find_newest(connections, reasons=ABOUT_KEYS):
        valid = find_valid_key(connection)
        if not is_mended(knock, valid=valid):
            sentence = describe_knock(knock, zone=connection.time_zone, valid=valid)
            told.append((connection, sentence))
    return told


def find_slowed(connections: Sequence[Connection]) -> list[tuple[Connection, str]]:
    """Whose questions of the last day were refused as too many; one sentence per connection."""
    return [
        (connection, describe_knock(knock, zone=connection.time_zone, valid=None))
        for connection, knock in find_newest(connections, reasons=[Reason.TOO_OFTEN])
    ]


def find_newest(
    connections: Sequence[Connection], *, reasons: Collection[str]
) -> list[tuple[Connection, RefusedKnock]]:
    """Each connection's newest knock of the last day that was refused for one of the reasons."""
    by_slug = {connection.slug: connection for connection in connections}
    found: dict[str, RefusedKnock] = {}
    recent = RefusedKnock.objects.filter(
        slug__in=by_slug, reason__in=reasons, last_at__gte=timezone.now() - NEWS
    )
    for knock in recent.order_by("-last_at"):
        found.setdefault(knock.slug, knock)
    return [(by_slug[slug], knock) for slug, knock in found.items()]


def is_mended(knock: RefusedKnock, *, valid: PbxKey | None) -> bool:
    seen_at = valid.last_seen_at if valid else None
    is_over = seen_at is not None and seen_at >= knock.last_at
    return is_over and knock.reason != Reason.FOREIGN_ADDRESS


def list_strangers() -> list[str]:
    """Knocks of the last day at addresses that belong to no connection."""
    knocks = RefusedKnock.objects.filter(
        reason=Reason.UNKNOWN_SLUG, last_at__gte=timezone.now() - NEWS
    ).order_by("-last_at")[:5]
    return [describe_knock(knock, zone="UTC", valid=None) for knock in knocks]


def find_valid_key(connection: Connection) -> PbxKey | None:
    valid = connection.pbx_keys.exclude(expires_at__lte=timezone.now())
    return valid.order_by("-created_at", "-pk").first()


def describe_knock(knock: RefusedKnock, *, zone: str, valid: PbxKey | None) -> str:
    """“203.0.113.7 knocked 14 times with a wrong key (…a91f), last at 10:03; …”"""
    key = f" (…{knock.last_four})" if knock.last_four else ""
    if knock.reason == Reason.UNKNOWN_SLUG:
        key = f" (/pbx/{knock.slug})"
    said = ngettext(
        "%(address)s knocked %(count)s time %(how)s%(key)s, last at %(moment)s",
        "%(address)s knocked %(count)s times %(how)s%(key)s, last at %(moment)s",
        knock.count,
    ) % {
        "address": knock.address,
        "count": knock.count,
        "how": knock.get_reason_display(),
        "key": key,
        "moment": show_moment(knock.last_at, zone=zone),
    }
    return f"{said}; {advise(knock, valid=valid)}"


def advise(knock: RefusedKnock, *, valid: PbxKey | None) -> str:
    if knock.reason == Reason.TOO_LARGE:
        return _("switch off the transcript or the text of chats if this happens often.")
    if knock.reason == Reason.TOO_OFTEN:
        return _(
            "callers went unnamed and searches unanswered meanwhile. If the PBX is that busy, "
            "raise LOOKUPS_PER_SECOND in the portal's settings; if not, find out what asks so "
            "often."
        )
    if knock.reason == Reason.FOREIGN_ADDRESS:
        return _(
            "if this is your PBX, add the address under “Allowed addresses” and save: what it "
            "reported from there is lost. If not, somebody else has the key: make a new one."
        )
    if knock.reason == Reason.UNKNOWN_SLUG:
        return _("download the connection's template again and replace the one in 3CX.")
    if valid is None:
        return _("there is no valid key: make one under “3CX template and key”.")
    return (
        _(
            "the valid key ends in …%s; in 3CX: open the CRM integration, enter it in “API key” "
            "and save. If nobody has it any more, make a new one."
        )
        % valid.last_four
    )
