"""The Celery application; workers and beat start it as `celery -A config`."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init, worker_ready

from config.background import start_background

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("patchbay", task_cls="connector.counting.counted_tasks:CountedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

FLUSHES = {"connector.counting.tallies.flush": 5, "connector.credits.flush": 5}


# Celery tells of a worker's life by signals only.
@worker_ready.connect
def start_worker(**_facts: Any) -> None:
    start_background({"journaling.operating.machines.note_worker": 10, **FLUSHES})


@worker_process_init.connect
def start_child(**_facts: Any) -> None:
    """A child of the prefork pool counts for itself; the default pool has threads, no children."""
    start_background(FLUSHES)
