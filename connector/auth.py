"""Which connection is calling? The PBX's API keys: made, compared, replaced.

A key has 256 bits, so its digest is plain SHA-256: there is nothing to guess, and a password hasher
would cost every report half a second.
"""

import hashlib
import hmac
import logging
import secrets
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import Error as DatabaseTrouble
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from connector.database_limit import forget_away, is_away, limit_database, note_away
from connector.models import Connection, PbxKey, TrialKey

logger = logging.getLogger(__name__)

KEY_PREFIX = "pbk_"
LENT_PREFIX = "pbl_"
TRUSTED_FOR_SECONDS = 5
NOTED_EVERY_SECONDS = 60
OVERLAP = timedelta(hours=24)
LENT_FOR = timedelta(minutes=1)


Digests = tuple[tuple[str, datetime | None], ...]
"""Digests of keys, each with the moment at which it ends."""


@dataclass(frozen=True, kw_only=True)
class Lock:
    """A connection and the digests (with their ends) that open it, as read at `read_at`."""

    connection: Connection
    digests: Digests
    read_at: float

    @property
    def is_fresh(self) -> bool:
        # A clock that was set back makes the age negative: read again then.
        return 0 <= time.time() - self.read_at < TRUSTED_FOR_SECONDS


# Only slugs of connections that exist, so strangers cannot fill it. Plain dict reads and writes
# are atomic; two threads that read the same lock at once only do the work twice.
_locks: dict[str, Lock] = {}
_noted_at: dict[str, float] = {}
_noting = threading.Lock()


def make_key(connection: Connection) -> str:
    """Make a new API key and return it: the only moment at which it can be read.

    One older key stays valid beside it until the new one has been seen for 24 hours: the one that
    the PBX used last, or else the newest. All others expire at once.
    """
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    with transaction.atomic():
        Connection.objects.select_for_update().get(pk=connection.pk)
        valid = connection.pbx_keys.exclude(expires_at__lte=now)
        kept = valid.order_by(F("last_seen_at").desc(nulls_last=True), "-pk").first()
        others = valid.exclude(pk=kept.pk) if kept else valid
        others.update(expires_at=now)
        connection.pbx_keys.create(digest=digest_key(key), last_four=key[-4:])
    return key


@dataclass(frozen=True, kw_only=True)
class LentKey:
    text: str = field(repr=False)
    pk: int


def lend_key(connection: Connection) -> LentKey:
    """For one test call of the portal itself; the PBX's keys stay as they are."""
    text = LENT_PREFIX + secrets.token_urlsafe(32)
    TrialKey.objects.filter(expires_at__lte=timezone.now()).delete()
    row = TrialKey.objects.create(
        connection=connection, digest=digest_key(text), expires_at=timezone.now() + LENT_FOR
    )
    return LentKey(text=text, pk=row.pk)


def is_lent(key: str) -> bool:
    """Of a key that opens: whether it is the portal's own."""
    return key.startswith(LENT_PREFIX)


def take_key_back(key: LentKey) -> None:
    TrialKey.objects.filter(pk=key.pk).delete()


def find_connection(slug: str, key: str, *, allow_stale: bool = False) -> Connection | None:
    """Return the connection that `key` opens; None for a wrong key as for an unknown slug.

    What a valid key opened is remembered for 5 seconds: within them it costs no query and changes
    to the connection are not seen. The instance is shared between threads: read it, never change
    or save it. With `allow_stale`, what was remembered still opens while the database is away or
    silent for a second; a process that does not know the connection raises the database's error.
    Without a key, or with one that the portal never made, nobody is asked.
    """
    if not key.startswith((KEY_PREFIX, LENT_PREFIX)):
        return None
    digest = digest_key(key)
    lock = _locks.get(slug)
    if lock and lock.is_fresh and opens(lock.digests, digest):
        return lock.connection
    if not allow_stale or lock is None:
        return read_connection(slug, digest)
    if not is_away():
        try:
            with limit_database():
                return read_connection(slug, digest)
        except DatabaseTrouble:
            note_away()
    return lock.connection if opens(lock.digests, digest) else None


def keep_locks(known: Iterable[tuple[Connection, Digests]], *, read_at: float) -> None:
    """Remember these connections and their keys as of `read_at`, and forget all others."""
    fresh = {
        connection.slug: Lock(connection=connection, digests=digests, read_at=read_at)
        for connection, digests in known
    }
    _locks.update(fresh)
    for slug in set(_locks) - set(fresh):
        _locks.pop(slug, None)


def read_connection(slug: str, digest: str) -> Connection | None:
    """Ask the database. An unknown slug has no digests and is refused by the same comparison."""
    read_at = time.time()
    columns = ("digest", "expires_at")
    own = PbxKey.objects.filter(connection__slug=slug).values_list(*columns)
    lent = TrialKey.objects.filter(connection__slug=slug).values_list(*columns)
    # SQLite takes no order inside a union.
    digests = tuple(own.order_by().union(lent.order_by()))
    if not opens(digests, digest):
        return None
    known = Connection.objects.select_related("grant__organisation", "journal")
    connection = known.filter(slug=slug).first()
    if connection:
        _locks[slug] = Lock(connection=connection, digests=digests, read_at=read_at)
    return connection


def opens(digests: Digests, digest: str) -> bool:
    """Tell whether `digest` is a valid one. Every digest is compared in whole."""
    now = timezone.now()
    found = False
    for known, expires_at in digests:
        same = hmac.compare_digest(known, digest)
        found |= same and (expires_at is None or expires_at > now)
    return found


def note_key_seen(*, connection: Connection, key: str) -> None:
    """Keep when the key was used, at most once a minute; call it after the report is stored.

    Ends the overlap of a rotation. Trouble of the database is logged, never raised.
    """
    digest = digest_key(key)
    if is_away() or not is_due(digest):
        return
    try:
        with limit_database():
            write_key_seen(connection=connection, digest=digest)
    except DatabaseTrouble as error:
        logger.warning("The use of a key of %s was not noted: %s", connection.slug, error)


def is_due(digest: str) -> bool:
    now = time.time()
    with _noting:
        if 0 <= now - _noted_at.get(digest, 0) < NOTED_EVERY_SECONDS:
            return False
        _noted_at[digest] = now
    return True


def write_key_seen(*, connection: Connection, digest: str) -> None:
    now = timezone.now()
    seen = PbxKey.objects.filter(connection=connection, digest=digest)
    seen.update(last_seen_at=now, first_seen_at=Coalesce(F("first_seen_at"), now))
    grown_up = seen.filter(first_seen_at__lte=now - OVERLAP).first()
    if grown_up:
        older = PbxKey.objects.filter(connection=connection, pk__lt=grown_up.pk)
        older.exclude(expires_at__lte=now).update(expires_at=now)


def digest_key(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


def forget_connections() -> None:
    """Forget what keys opened, when they were noted and that the database failed, in this
    process."""
    _locks.clear()
    forget_away()
    with _noting:
        _noted_at.clear()
