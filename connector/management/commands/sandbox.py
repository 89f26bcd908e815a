"""`manage.py sandbox`: a Zoho and a PBX to try the portal with, on this machine only."""

import threading
from argparse import ArgumentParser
from pathlib import Path
from signal import SIGINT, SIGTERM, signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.environment import is_loopback
from connector.models import Connection
from connector.sandbox.pbx.errors import EngineError, UploadRefused
from connector.sandbox.pbx.playing import Player
from connector.sandbox.pbx.setup import (
    find_connection,
    install_pbx,
    list_extensions,
    list_queues,
    open_call_log,
)
from connector.sandbox.pbx.wishes import add_call, add_chat, add_play, build_call, build_chat
from connector.sandbox.pbx.xapi import SandboxXapi
from connector.sandbox.zoho import serve


class Command(BaseCommand):
    help = "Runs the sandbox's Zoho, or lets the sandbox's PBX take calls and chats."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        zoho = actions.add_parser("zoho", help="serve a Zoho CRM")
        zoho.add_argument("--host", default="127.0.0.1")
        zoho.add_argument("--port", type=int, default=8900)
        zoho.add_argument("--people", type=int, default=300)
        zoho.add_argument("--latency-ms", type=int, default=0)
        zoho.add_argument("--data-file", type=Path, help="default: kept under DATA_DIR")
        add_install(add_action(actions, "install", "give the PBX its template and key"))
        add_call(add_action(actions, "call", "play one call"))
        add_chat(add_action(actions, "chat", "play one chat"))
        add_play(add_action(actions, "play", "play the demo, or many calls and chats"))
        xapi = add_action(actions, "xapi", "serve the PBX's API: MakeCall, extensions, call log")
        xapi.add_argument("--port", type=int, default=8901)
        lookup = add_action(actions, "lookup", "ask who a number is")
        lookup.add_argument("--from", dest="caller", required=True, metavar="NUMBER")
        search = add_action(actions, "search", "search as the client of an extension does")
        search.add_argument("text", nargs="?", default="")
        search.add_argument("--email", default="", help="who a chat's visitor with this e-mail is")
        create = add_action(actions, "create", "fill the client's form for an unknown caller")
        create.add_argument("--from", dest="caller", required=True, metavar="NUMBER")
        for name in ("first", "last", "company", "email"):
            create.add_argument(f"--{name}", default="")

    def handle(self, *args: Any, action: str = "", **options: Any) -> None:
        if not is_loopback(settings.PUBLIC_HOST):
            raise CommandError(
                f"The sandbox works only on this machine; PUBLIC_URL is {settings.PUBLIC_URL}."
            )
        if action == "zoho":
            self.serve_zoho(options)
            return
        try:
            self.play(action, options)
        except (LookupError, EngineError, UploadRefused, ValueError, OSError) as trouble:
            raise CommandError(str(trouble)) from trouble

    def serve_zoho(self, options: dict[str, Any]) -> None:
        data_file = options["data_file"] or Path(settings.DATA_DIR) / "sandbox" / "zoho.sqlite3"
        data_file.parent.mkdir(parents=True, exist_ok=True)
        serve(
            options["host"],
            options["port"],
            data_file=data_file,
            people=options["people"],
            latency_ms=options["latency_ms"],
            ready=self.say_ready,
        )

    def say_ready(self, url: str) -> None:
        self.stdout.write(f"The sandbox's Zoho serves at {url}")
        self.stdout.flush()

    def serve_xapi(self, connection: Connection, *, port: int) -> None:
        """Until SIGTERM or SIGINT."""
        stop = threading.Event()
        for number in (SIGTERM, SIGINT):
            signal(number, lambda *_: stop.set())
        xapi = SandboxXapi(
            list_extensions(connection),
            queues=list_queues(connection),
            call_log=open_call_log(connection),
            port=port,
        )
        with xapi:
            client_id, key = xapi.client
            self.stdout.write(f"The PBX's API is at {xapi.url}, Client ID {client_id}, key {key}")
            self.stdout.flush()
            stop.wait()

    def play(self, action: str, options: dict[str, Any]) -> None:
        connection = find_connection(options["connection"])
        if action == "install":
            wished = ("key", "time_zone", "culture", "match_digits")
            path = install_pbx(connection, **{name: options[name] for name in wished})
            self.stdout.write(f"The PBX of {connection.slug} is set up in {path}")
            return
        if action == "xapi":
            self.serve_xapi(connection, port=options["port"])
            return
        player = Player(connection, say=self.stdout.write)
        match action:
            case "call":
                player.play([build_call(connection, options)] * options["repeat"])
            case "chat":
                player.play([build_chat(connection, options)] * options["repeat"])
            case "play":
                player.play(player.choose(options), withhold=options["withhold"])
            case "lookup":
                player.look_up(options["caller"])
            case "create":
                player.create(options)
            case "search":
                player.search(options["text"], email=options["email"])
        if player.refused:
            raise CommandError(
                f"{player.refused} of {player.reported} reports were refused or lost. If the key "
                f"is wrong: manage.py sandbox install --connection {connection.slug}. If nothing "
                f"answers at {settings.PUBLIC_URL}: has the portal another PORT?"
            )


def add_action(actions: Any, name: str, purpose: str) -> ArgumentParser:
    parser: ArgumentParser = actions.add_parser(name, help=purpose)
    parser.add_argument("--connection", default="demo", metavar="SLUG")
    return parser


def add_install(parser: ArgumentParser) -> None:
    parser.add_argument("--key", default="", help="API key; default: a new one")
    parser.add_argument("--time-zone", default="", help="default: the connection's")
    parser.add_argument("--culture", default="", help="how the PBX writes dates, like de-AT")
    parser.add_argument("--match-digits", default="", help="phonebook option; default: exactly")
