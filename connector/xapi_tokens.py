"""One living access token for each API client of a PBX, shared by all threads and processes.

A renewal is claimed like work: `claim` gets a new value with every claim, and each change is
conditional on the value read. HTTP happens outside any transaction.
"""

import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from connector.models import DialSettings, UnreadableSecret, XapiToken
from connector.threecx import xapi
from connector.threecx.xapi import TokenRefused, XapiError
from connector.wording import Wording as _
from connector.zoho.datacentres import trim_url

MARGIN = timedelta(seconds=15)
"""A token this close to its end is renewed first."""
LEASE = timedelta(seconds=30)
"""Longer than the two requests of a renewal may take."""
PATIENCE = 15.0
POLL = 0.1

Answer = TypeVar("Answer")


def ask_pbx(
    settings: DialSettings, question: Callable[[str, str], Answer], *, patience: float = PATIENCE
) -> Answer:
    """Call `question(pbx_url, token)`; once more with a new token when that one is refused.

    A refused token means that nothing was done, so the repetition dials once. `patience` is for
    another's renewal; limit_time bounds the whole. Raises XapiError.
    """
    pbx_url = find_pbx(settings)
    read_token = partial(wait_for_token, settings, pbx_url=pbx_url, patience=patience)
    token = read_token()
    try:
        return question(pbx_url, token)
    except TokenRefused:
        forget_token(settings, pbx_url=pbx_url, token=token)
        return question(pbx_url, read_token())


def find_pbx(settings: DialSettings) -> str:
    if not settings.connection.pbx_url:
        raise XapiError(_("The PBX's address is not set in the portal."), code="not_set_up")
    if not settings.xapi_client_id or not settings.xapi_client_secret:
        raise XapiError(
            _("The PBX's API is not set up in the portal: Client ID and key are missing."),
            code="not_set_up",
        )
    return trim_url(settings.connection.pbx_url)


def wait_for_token(settings: DialSettings, *, pbx_url: str, patience: float) -> str:
    """Raises XapiError, also when another's renewal does not end within `patience` seconds."""
    give_up_at = time.monotonic() + patience
    while time.monotonic() < give_up_at:
        row = load_row(settings, pbx_url=pbx_url)
        if is_fresh(row):
            return reveal(row)
        claim = claim_row(row)
        token = renew_token(row, claim, settings=settings) if claim else ""
        if token:
            return token
        time.sleep(POLL)
    raise XapiError(_("The access to the PBX took too long."), code="unreachable")


def load_row(settings: DialSettings, *, pbx_url: str) -> XapiToken:
    row, _created = XapiToken.objects.get_or_create(
        pbx_url=pbx_url,
        client_id=settings.xapi_client_id,
        key_digest=digest_key(settings),
    )
    return row


def digest_key(settings: DialSettings) -> str:
    """Connections of one PBX share its token only with the same API key."""
    try:
        key = settings.xapi_client_secret.reveal()
    except UnreadableSecret as error:
        raise XapiError(error.words, code="not_set_up") from None
    return salted_hmac("xapi token", key, algorithm="sha256").hexdigest()


def is_fresh(row: XapiToken) -> bool:
    return bool(row.access_token) and bool(
        row.expires_at and row.expires_at - MARGIN > timezone.now()
    )


def claim_row(row: XapiToken) -> uuid.UUID | None:
    """None while another renews."""
    now, claim = timezone.now(), uuid.uuid4()
    if row.claimed_until and row.claimed_until > now:
        return None  # as it was read: by now that renewal may have ended, with a fresh token
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    changed = held_by(row, row.claim).filter(free).update(claim=claim, claimed_until=now + LEASE)
    return claim if changed else None


def held_by(row: XapiToken, claim: uuid.UUID | None) -> QuerySet[XapiToken]:
    return XapiToken.objects.filter(pk=row.pk, claim=claim)


def renew_token(row: XapiToken, claim: uuid.UUID, *, settings: DialSettings) -> str:
    """The new token; "" when the claim was lost meanwhile."""
    try:
        granted = xapi.fetch_token(
            row.pbx_url,
            client_id=row.client_id,
            client_secret=settings.xapi_client_secret.reveal(),
        )
        version = find_version(row.pbx_url, token=granted.access_token)
    except UnreadableSecret as error:
        held_by(row, claim).update(claimed_until=None)
        raise XapiError(error.words, code="not_set_up") from None
    except XapiError:
        held_by(row, claim).update(claimed_until=None)
        raise
    now = timezone.now()
    life = xapi.count_lifetime(granted.expires_in, version=version)
    stored = held_by(row, claim).update(
        access_token=granted.access_token,
        issued_at=now,
        expires_at=now + max(timedelta(seconds=life), 2 * MARGIN),
        version=version,
        claimed_until=None,
    )
    return granted.access_token if stored else ""


def find_version(pbx_url: str, *, token: str) -> str:
    """Empty when the PBX does not tell: the client's role may not read its status."""
    try:
        return xapi.read_version(pbx_url, token=token)
    except XapiError:
        return ""


def forget_token(settings: DialSettings, *, pbx_url: str, token: str) -> None:
    """The PBX refused it; unless somebody has renewed it already."""
    row = load_row(settings, pbx_url=pbx_url)
    if reveal(row) == token:
        held_by(row, row.claim).update(expires_at=timezone.now())


def reveal(row: XapiToken) -> str:
    """Empty under a lost key: then a new one is fetched."""
    try:
        return row.access_token.reveal()
    except UnreadableSecret:
        return ""
