"""The sandbox PBX of a connection: its template and key on disk, its extensions.

The only file of the PBX that knows the portal's database.
"""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from connector.auth import make_key
from connector.models import Connection
from connector.sandbox.pbx.box import SandboxPbx
from connector.sandbox.pbx.call_log import CallLog
from connector.sandbox.pbx.happenings import Extension, SandboxQueue
from connector.sandbox.zoho import Specification
from connector.sandbox.zoho.names import STAFF
from connector.threecx.download import template_for

FIRST_EXTENSION = 101
# Users of the sandbox's Zoho who only test owner rules have no extension.
WITHOUT_EXTENSION = {"integration", "boss", "head", "new", "left"}


def find_connection(slug: str) -> Connection:
    """Raises LookupError with a line that names the connections there are."""
    connection = Connection.objects.filter(slug=slug).first()
    if connection is None:
        slugs = ", ".join(Connection.objects.values_list("slug", flat=True)) or "none"
        raise LookupError(f"There is no connection {slug}. Connections: {slugs}.")
    return connection


def install_pbx(connection: Connection, *, key: str = "", **settings_of_pbx: str) -> Path:
    """Upload the connection's template to its sandbox PBX; without a key, make a new one.

    `settings_of_pbx` are those of SandboxPbx: time_zone, culture, version, match_digits.
    """
    setup = {
        "template": template_for(connection),
        "parameters": {"PortalKey": key or make_key(connection)},
        "settings": {"time_zone": connection.time_zone, "version": connection.pbx_version}
        | {name: value for name, value in settings_of_pbx.items() if value},
    }
    path = _find_file(connection)
    _write_private(path, json.dumps(setup, indent=1))
    return path


def open_pbx(connection: Connection) -> SandboxPbx:
    """The connection's sandbox PBX, installed now if it never was."""
    path = _find_file(connection)
    if not path.exists():
        install_pbx(connection)
    setup: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    # The portal may have moved to another port since; a real admin would correct the form.
    here = {"PortalUrl": f"{settings.PUBLIC_URL}/pbx/{connection.slug}"}
    return SandboxPbx(setup["template"], here | setup["parameters"], **setup["settings"])


def list_extensions(connection: Connection) -> list[Extension]:
    """The connection's extensions, then the sandbox's own staff on numbers that are free."""
    agents = [
        Extension(number=agent.extension, email=agent.email or agent.zoho_user)
        for agent in connection.agents.exclude(extension="")
    ]
    taken = {extension.number for extension in agents}
    return agents + [one for one in _list_staff() if one.number not in taken]


def list_queues(connection: Connection) -> list[SandboxQueue]:
    known = [SandboxQueue(number=q.extension, name=q.name) for q in connection.queues.all()]
    return known or [SandboxQueue(number="800", name="Sales")]


def open_call_log(connection: Connection) -> CallLog:
    """What the sandbox PBX's API tells of its calls, those included that it did not report."""
    return CallLog(_find_file(connection).with_name(f"calls-{connection.slug}.jsonl"))


def find_extension(connection: Connection, number: str, *, email: str = "") -> Extension:
    """Who sits at an extension; one that nobody knows has no name. `email` overrides."""
    known = next((one for one in list_extensions(connection) if one.number == number), None)
    found = known or Extension(number=number)
    if not email:
        return found
    return Extension(
        number=number, first_name=found.first_name, last_name=found.last_name, email=email
    )


def _list_staff() -> list[Extension]:
    domain = Specification().domain
    staff = [(name, full) for name, full, *_ in STAFF if name not in WITHOUT_EXTENSION]
    return [
        Extension(
            number=str(FIRST_EXTENSION + place),
            first_name=full_name.partition(" ")[0],
            last_name=full_name.partition(" ")[2],
            email=f"{name}@{domain}",
        )
        for place, (name, full_name) in enumerate(staff)
    ]


def _find_file(connection: Connection) -> Path:
    return Path(settings.DATA_DIR) / "sandbox" / f"pbx-{connection.slug}.json"


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)
