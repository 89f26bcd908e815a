"""Codes of an authenticator app (RFC 6238) and recovery codes: set up, asked for, taken away."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from connector.access.roles import Role
from connector.access.scope import list_assignments
from connector.auditing import note
from connector.models import SecondStep
from connector.models.secret import UnreadableSecret
from connector.wording import Wording as _

RECOVERY_CODES = 10
RECOVERY_BYTES = 10
MOST_WRONG = 5
CLOSED_FOR = timedelta(minutes=15)
AROUND = (0, -1, 1)
"""Half minutes by which a telephone's clock may be off."""


class Answer(Enum):
    RIGHT = "right"
    WRONG = "wrong"
    CLOSED = "closed"


def find_step(user: Any) -> SecondStep | None:
    """The step that the person's log-in asks for, if there is one."""
    return SecondStep.objects.filter(user=user.pk).exclude(confirmed_at=None).first()


def is_demanded(user: Any) -> bool:
    """Whether this person may do nothing without a second step."""
    if not settings.DEMAND_LOGIN_CODE:
        return False
    return user.is_superuser or any(
        row.role == Role.ADMINISTRATOR for row in list_assignments(user)
    )


def begin(user: Any) -> SecondStep:
    """A fresh secret, to be confirmed by a first code; what is confirmed already stays."""
    step, _made = SecondStep.objects.get_or_create(user=user)
    if step.confirmed_at is None:
        step.secret = pyotp.random_base32()
        step.failures, step.closed_until = 0, None
        step.save()
    return step


def describe_secret(step: SecondStep) -> str:
    """The address that an authenticator app reads from the picture."""
    totp = pyotp.TOTP(step.secret.reveal())
    issuer = f"Patchbay {settings.PUBLIC_HOST}"
    return totp.provisioning_uri(name=step.user.get_username(), issuer_name=issuer)


def confirm(user: Any, typed: str) -> list[str] | None:
    """Switch it on and return the recovery codes, readable this once; None for a wrong code."""
    with transaction.atomic():
        step = SecondStep.objects.select_for_update().filter(user=user, confirmed_at=None).first()
        if step is None or not take_code(step, typed, now=timezone.now()):
            return None
        step.confirmed_at = timezone.now()
        codes = renew_recovery(step)
    note(user, _("The log-in code was switched on."))
    return codes


def make_recovery_codes(user: Any) -> list[str]:
    """Ten new ones; the old ones end."""
    with transaction.atomic():
        codes = renew_recovery(SecondStep.objects.select_for_update().get(user=user))
    note(user, _("New recovery codes were made."))
    return codes


def renew_recovery(step: SecondStep) -> list[str]:
    codes = [make_recovery_code() for _number in range(RECOVERY_CODES)]
    step.recovery = [digest(code) for code in codes]
    step.save()
    return codes


def make_recovery_code() -> str:
    """80 bits, like abcd-efgh-ijkl-mnop."""
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def remove(user: Any) -> bool:
    """Take the second step away; False where there is none."""
    taken = SecondStep.objects.filter(user=user).delete()[0] > 0
    if taken:
        note(user, _("The log-in code was taken away."))
    return taken


def try_code(user: Any, typed: str) -> Answer:
    """A code of the app or an unused recovery code. Five wrong ones close it for 15 minutes."""
    now = timezone.now()
    with transaction.atomic():
        step = SecondStep.objects.select_for_update().filter(user=user).first()
        if step is None or step.confirmed_at is None:
            return Answer.WRONG
        if step.closed_until and step.closed_until > now:
            return Answer.CLOSED
        is_right = take_code(step, typed, now=now) or take_recovery_code(step, typed)
        step.failures = 0 if is_right else step.failures + 1
        is_closed = step.failures >= MOST_WRONG
        if is_closed:
            step.failures, step.closed_until = 0, now + CLOSED_FOR
        step.save()
    if is_closed:
        note(user, _("Five wrong log-in codes after the right password."))
        return Answer.CLOSED
    return Answer.RIGHT if is_right else Answer.WRONG


def take_code(step: SecondStep, typed: str, *, now: datetime) -> bool:
    """Use up a code of the app."""
    code = "".join(typed.split())
    try:
        totp = pyotp.TOTP(step.secret.reveal())
    except UnreadableSecret:
        return False  # a recovery code still opens
    for counter in (totp.timecode(now) + offset for offset in AROUND):
        is_same = hmac.compare_digest(digest(totp.generate_otp(counter)), digest(code))
        if is_same and counter > step.last_counter:
            step.last_counter = counter
            return True
    return False


def take_recovery_code(step: SecondStep, typed: str) -> bool:
    given = digest(typed.strip().lower())
    left = [one for one in step.recovery if not hmac.compare_digest(one, given)]
    is_known = len(left) < len(step.recovery)
    step.recovery = left
    return is_known


def digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
