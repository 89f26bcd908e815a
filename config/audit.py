"""Which rows' changes django-auditlog writes down for the history, and which columns never."""

from typing import Any

HIDE = "config.audit.hide"


def hide(_text: str) -> str:
    """Of a secret the history tells that it changed, and nothing else."""
    return "…"


def track(
    model: str, *, secrets: tuple[str, ...] = (), skipped: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        "model": model,
        "mask_fields": list(secrets),
        "mask_callable": HIDE,
        "exclude_fields": ["id", *skipped],
    }


TRACKED = (
    track(
        "connector.Connection",
        secrets=("client_secret",),
        skipped=(
            "created_at", "held_at", "held_code", "held_words", "last_lookup_at", "paused_at",
            "template_version",
        ),
    ),
    track("journaling.JournalSettings"),
    track("connector.Agent"),
    track("connector.Queue"),
    track(
        "connector.PbxKey",
        skipped=("digest", "created_at", "first_seen_at", "last_seen_at", "expires_at"),
    ),
    track("connector.AgentToken", skipped=("digest", "created_at", "last_used_at", "revoked_at")),
    track("connector.DialSettings", secrets=("xapi_client_secret",)),
    track("connector.Assignment"),
    track("journaling.AlarmReceiver", secrets=("webhook_url",)),
    track("auth.User", secrets=("password",), skipped=("date_joined", "last_login", "is_staff")),
)  # fmt: skip
