"""What was set. That every value can be read was seen already when the settings were loaded."""

from collections.abc import Iterator

from django.conf import settings
from django.core import checks

from journaling.doctor.verdicts import State, Verdict, warn


def check_options() -> Iterator[Verdict]:
    yield from check_django()
    if settings.IS_HTTPS and not settings.TRUSTED_PROXIES:
        yield warn(
            "proxy",
            reason="PUBLIC_URL is https, but TRUSTED_PROXIES is 0: whatever the proxy says of the"
            " client is not believed",
            remedy="Set TRUSTED_PROXIES to the number of proxies in front",
        )
    if not settings.EMAIL_IS_SET_UP:
        yield warn(
            "mail",
            reason="EMAIL_URL is not set: no alarm is sent by e-mail, alarms stay on the page",
            remedy="Set EMAIL_URL, or give the receivers a webhook",
        )
    if settings.WHITENOISE_USE_FINDERS:
        yield warn(
            "pages",
            reason=f"no collected files are in {settings.STATIC_ROOT}",
            remedy="Run: manage.py collectstatic --no-input",
        )


def check_django() -> Iterator[Verdict]:
    """Django's own checks, with those for production where the portal is public."""
    found = [
        message
        for message in checks.run_checks(include_deployment_checks=settings.IS_HTTPS)
        if not message.is_silenced()
    ]
    for message in found:
        state = State.BAD if message.level >= checks.ERROR else State.WARNING
        yield Verdict(
            name="settings", state=state, reason=f"{message.msg} ({message.id})",
            remedy=message.hint or "",
        )  # fmt: skip
    if not found:
        yield Verdict(name="settings", state=State.GOOD, reason="every value can be used")
