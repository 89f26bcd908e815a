"""`manage.py up`: the whole portal on one machine, under one supervisor."""

import fcntl
import os
import secrets
import signal
from argparse import ArgumentParser
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections

from config import addresses, programs
from config.orphans import die_with_parent
from config.static import collect_static_files
from config.supervisor import Supervisor
from config.translations import compile_translations
from config.valkey import find_socket

BROKER_START_SECONDS = 20
WEB_START_SECONDS = 60
DEMO_SECONDS = 60
CHILD_ENVIRONMENT = {
    "SUPERVISED": "1",
    "PYTHONUNBUFFERED": "1",
    # Celery tells root so at every start, in words that look like an error.
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
}


class Command(BaseCommand):
    help = "Run the portal: web server, worker, beat, and what else the settings ask for."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parent", type=int, help="stop when this process, our parent, ends")

    def handle(self, *args: Any, parent: int | None = None, **options: Any) -> None:
        self.zoho_url = ""
        self.supervisor = Supervisor(
            say=self.say,
            environment={**os.environ, **CHILD_ENVIRONMENT},
        )
        self.supervisor.catch_signals()
        if parent:
            die_with_parent(parent=parent, signum=signal.SIGTERM)
        with claim_data_dir():
            refuse_taken_port()
            self.prepare()
            try:
                self.run()
            finally:
                self.say("Stopping")
                self.supervisor.stop()
                self.say("Stopped")

    def say(self, line: str) -> None:
        try:
            self.stdout.write(line)
            self.stdout.flush()
        except OSError:  # nobody reads any more, as in `make run | head`
            self.supervisor.signals = max(self.supervisor.signals, 1)

    def prepare(self) -> None:
        self.say("Preparing the database")
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            reason = str(error).strip().partition("\n")[0]
            raise CommandError(f"DATABASE_URL: the database does not answer: {reason}") from None
        self.say("Preparing pages and translations")
        compile_translations(settings.LOCALE_PATHS[0])
        collect_static_files()
        connections.close_all()

    def run(self) -> None:
        """Start everything, say where it is, and keep it running until a signal arrives."""
        self.start_broker()
        self.start_sandbox()
        self.say("Starting web, worker and beat")
        self.supervisor.start(programs.plan_web(host=settings.BIND, port=settings.PORT))
        self.supervisor.start(programs.plan_worker())
        self.supervisor.start(programs.plan_beat())
        if not self.supervisor.run_until(is_web_healthy, seconds=WEB_START_SECONDS):
            if not self.supervisor.signals:
                self.say("The web server does not answer yet; its own lines above say why")
            if not self.supervisor.run_until(is_web_healthy):
                return
        self.play_demo()
        if not self.supervisor.signals:
            self.print_addresses()
        self.supervisor.run_until(lambda: False)

    def start_broker(self) -> None:
        if not settings.BROKER_IS_EMBEDDED or self.supervisor.signals:
            return
        try:
            self.supervisor.start(programs.plan_broker(settings.DATA_DIR))
        except LookupError:
            raise CommandError(
                "There is no Valkey server for this system. Install valkey or redis, or name one:"
                " CELERY_BROKER_URL=redis://localhost:6379/0"
            ) from None
        socket = find_socket(settings.DATA_DIR)
        listening = self.supervisor.run_until(
            lambda: addresses.is_listening(socket), seconds=BROKER_START_SECONDS
        )
        if not listening and not self.supervisor.signals:
            log = settings.DATA_DIR / "valkey" / "valkey.log"
            raise CommandError(f"The embedded Valkey server does not start; see {log}")

    def start_sandbox(self) -> None:
        if not settings.SANDBOX or "sandbox" not in get_commands():
            return
        self.zoho_url = addresses.keep_sandbox_address(settings.SANDBOX_ADDRESS_FILE)
        port = int(self.zoho_url.rsplit(":", 1)[1])
        self.supervisor.start(programs.plan_sandbox(port=port))

    def play_demo(self) -> None:
        if not self.zoho_url or "demo" not in get_commands():
            return
        self.say("Playing the demo")
        self.supervisor.start(programs.plan_demo(zoho_url=self.zoho_url))
        self.supervisor.run_until(
            lambda: "demo" not in self.supervisor.children, seconds=DEMO_SECONDS
        )

    def print_addresses(self) -> None:
        self.say("")
        self.say("Patchbay is running")
        self.say(f"  Portal   {settings.PUBLIC_URL}/admin/")
        for line in make_first_admin():
            self.say(f"  {line}")
        if self.zoho_url:
            self.say(f"  Sandbox  {self.zoho_url}/  (a Zoho to try the portal with)")
        if settings.IS_HTTPS and not settings.TRUSTED_PROXIES:
            self.say(
                "  PUBLIC_URL is https: put a reverse proxy in front and set TRUSTED_PROXIES=1"
            )
        if not settings.EMAIL_IS_SET_UP:
            self.say("  Alarms   stay on the page: EMAIL_URL names no mail server")
        self.say("  Stop it  Ctrl-C")
        self.say("")


def claim_data_dir() -> IO[str]:
    """Return the lock of DATA_DIR; the kernel frees it when this process ends, however it ends."""
    lock = open(settings.DATA_DIR / "up.lock", "a+")  # noqa: SIM115  the caller closes it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise CommandError(
            f"DATA_DIR {settings.DATA_DIR} is in use by a portal that runs already"
            f" (process {lock.read().strip()}). Stop it, or choose another DATA_DIR."
        ) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def refuse_taken_port() -> None:
    try:
        if addresses.is_port_free(host=settings.BIND, port=settings.PORT):
            return
    except OSError as error:
        reason = error.strerror or error
        raise CommandError(
            f"BIND {settings.BIND} is no address of this machine: {reason}"
        ) from None
    raise CommandError(
        f"PORT {settings.PORT} is taken by another program. Choose another one,"
        f" for example: make run PORT={addresses.find_free_port(addresses.SANDBOX_HOST)}"
    )


def is_web_healthy() -> bool:
    return addresses.is_healthy(host=settings.BIND, port=settings.PORT)


def make_first_admin() -> list[str]:
    """Make an administrator where there is none; return the lines that say how to log in."""
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return []
    name = os.environ.get("DJANGO_SUPERUSER_USERNAME") or "admin"
    given = os.environ.get("DJANGO_SUPERUSER_PASSWORD")
    password = given or secrets.token_urlsafe(12)
    email = os.environ.get("DJANGO_SUPERUSER_EMAIL") or ""
    users.create_superuser(username=name, email=email, password=password)
    connections.close_all()
    if given:
        return [f"User     {name}"]
    return [f"User     {name}", f"Password {password}  (shown this once)"]
