"""The base of every Celery task of the portal: counted, and stamped with when it was sent."""

import time
from typing import Any

from celery import Task

from connector.counting import pulses, tallies


class CountedTask(Task):
    """Celery's own messages do not say when they were sent; the queues page wants to know."""

    def apply_async(self, *args: Any, **options: Any) -> Any:
        options["headers"] = {"sent_at": time.time(), **(options.get("headers") or {})}
        return super().apply_async(*args, **options)

    def on_success(self, *args: Any, **kwargs: Any) -> None:
        self.count(failed=False)

    def on_failure(self, *args: Any, **kwargs: Any) -> None:
        self.count(failed=True)

    def count(self, *, failed: bool) -> None:
        pulses.note_task(failed=failed)
        tallies.count("tasks", task=self.name, outcome="failed" if failed else "done")
