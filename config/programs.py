"""The portal's processes, as `manage.py up` runs them."""

import os
import sys
from pathlib import Path

from config.supervisor import Program
from config.valkey import build_command, find_server

# Together with the last seconds of killing, a stop takes less than 35 s: the web server finishes
# its requests while beat ends, then the worker its deliveries, then what both talk to.
STAGE_WEB, STAGE_WORKER, STAGE_BROKER = 1, 2, 3
WEB_THREADS = 8
"""Of each process of the web server."""


def plan_web(*, host: str, port: int) -> Program:
    options = [
        *("--interface", "wsgi", "--http", "1", "--host", host, "--port", str(port)),
        *("--workers", str(os.cpu_count() or 1), "--blocking-threads", str(WEB_THREADS)),
        *("--workers-kill-timeout", "6", "--respawn-failed-workers", "--log-level", "error"),
    ]
    command = [sys.executable, "-m", "granian", *options, "config.wsgi:application"]
    return Program("web", command, stop_stage=STAGE_WEB, grace_seconds=8)


def plan_worker() -> Program:
    options = ["-P", "threads", "-c", "8", "--without-gossip", "--without-mingle", "-l", "warning"]
    return Program(
        "worker", run_celery("worker", *options), stop_stage=STAGE_WORKER, grace_seconds=20
    )


def plan_beat() -> Program:
    command = run_celery("beat", "-l", "warning", "--pidfile", "")
    return Program("beat", command, stop_stage=STAGE_WEB, grace_seconds=3)


def plan_broker(data_dir: Path) -> Program:
    """Raises LookupError where no Valkey or Redis server is at hand."""
    server = find_server()
    if server is None:
        raise LookupError
    command = build_command(server, data_dir=data_dir)
    return Program("broker", command, stop_stage=STAGE_BROKER, grace_seconds=3)


def plan_sandbox(*, port: int) -> Program:
    command = run_manage("sandbox", "zoho", "--port", str(port))
    return Program("sandbox", command, stop_stage=STAGE_BROKER, grace_seconds=3)


def plan_demo(*, zoho_url: str) -> Program:
    command = run_manage("demo", "--zoho-url", zoho_url)
    return Program("demo", command, stop_stage=STAGE_WEB, grace_seconds=3, runs_once=True)


def run_celery(name: str, *options: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-q", "-A", "config", name, *options]


def run_manage(*words: str) -> list[str]:
    return [sys.executable, str(Path(__file__).resolve().parent.parent / "manage.py"), *words]
