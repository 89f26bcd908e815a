"""What beat asks workers to do, and how often (seconds)."""

from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "watch": {"task": "journaling.watch", "schedule": 60.0, "options": {"expires": 60}},
    "tick": {"task": "journaling.tick", "schedule": 2.0, "options": {"expires": 2}},
    "directories": {
        "task": "connector.sync_directories",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "canaries": {"task": "journaling.canaries", "schedule": 60.0, "options": {"expires": 60}},
    "purge": {"task": "journaling.purge_all", "schedule": 600.0, "options": {"expires": 600}},
    "reconcile": {
        "task": "journaling.reconcile_all",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "extensions": {
        "task": "connector.read_all_extensions",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "call-logs": {
        "task": "journaling.compare_call_logs",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "relink": {"task": "journaling.relink_all", "schedule": 600.0, "options": {"expires": 600}},
}

# Without max_retries a publish waits for ever for a broker that is away.
BROKER_PATIENCE: dict[str, Any] = {
    "visibility_timeout": 120,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.5,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
