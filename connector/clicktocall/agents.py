"""Who dials: personal tokens of agents, and portal users whose e-mail is an extension's."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q
from django.utils import timezone

from connector.models import Agent, AgentToken, Connection, DialFormat, DialSettings, DialWay

TOKEN_PREFIX = "pba_"  # noqa: S105 what every token begins with
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """An agent at an extension, and how they dial. `token_id` is None for a portal user."""

    connection: Connection
    extension: str
    name: str
    settings: DialSettings
    way: DialWay
    number_format: DialFormat
    token_id: int | None = None


def make_token(
    connection: Connection,
    *,
    extension: str,
    name: str = "",
    way: str = "",
    number_format: str = "",
) -> tuple[AgentToken, str]:
    """A new token and its text: the only moment at which the text can be read."""
    text = TOKEN_PREFIX + secrets.token_urlsafe(24)
    token = AgentToken.objects.create(
        connection=connection,
        extension=extension,
        name=name,
        way=way,
        number_format=number_format,
        digest=digest_token(text),
        last_four=text[-4:],
    )
    return token, text


def revoke_tokens(*ids: int) -> int:
    """From now on they open nothing; returns how many were still valid."""
    valid = AgentToken.objects.filter(pk__in=ids, revoked_at__isnull=True)
    return valid.update(revoked_at=timezone.now())


def find_token(text: str) -> AgentToken | None:
    """The token that is written so, unless it was revoked; its use is noted once a minute."""
    valid = AgentToken.objects.filter(digest=digest_token(text), revoked_at__isnull=True)
    token = valid.select_related("connection__dialling").first()
    if token:
        now = timezone.now()
        due = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - NOTED_EVERY)
        AgentToken.objects.filter(due, pk=token.pk).update(last_used_at=now)
    return token


def digest_token(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def build_caller(token: AgentToken) -> Caller:
    settings = find_settings(token.connection)
    return Caller(
        connection=token.connection,
        extension=token.extension,
        name=token.name,
        settings=settings,
        way=DialWay(token.way or settings.way),
        number_format=DialFormat(token.number_format or settings.number_format),
        token_id=token.pk,
    )


def note_dialled(caller: Caller) -> None:
    own = AgentToken.objects.filter(pk=caller.token_id or 0)
    own.update(last_dialled_at=timezone.now())


def find_user_caller(user: AbstractBaseUser | AnonymousUser) -> Caller | None:
    """The extension whose e-mail is that of a signed-in user, when there is exactly one."""
    email = getattr(user, "email", "") if user.is_authenticated else ""
    if not email:
        return None
    with_email = Agent.objects.filter(email__iexact=email).exclude(extension="")
    agents = list(with_email.select_related("connection__dialling")[:2])
    if len(agents) != 1:
        return None
    settings = find_settings(agents[0].connection)
    return Caller(
        connection=agents[0].connection,
        extension=agents[0].extension,
        name=user.get_username(),
        settings=settings,
        way=DialWay(settings.way),
        number_format=DialFormat(settings.number_format),
    )


def find_settings(connection: Connection) -> DialSettings:
    """The stored settings, or the defaults, unsaved."""
    stored: DialSettings | None = getattr(connection, "dialling", None)
    return stored or DialSettings(connection=connection)
