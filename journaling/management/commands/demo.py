"""`manage.py demo`: a connection that shows the portal at work, against the sandbox."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.environment import is_loopback
from connector.granting.consent import begin_consent
from connector.models import Connection, ConsentRequest
from connector.sandbox.pbx.setup import install_pbx
from connector.sandbox.person import ConsentRefused, accept_consent
from connector.zoho.errors import ZohoError
from journaling.trying import demo


class Command(BaseCommand):
    help = "Set up the demo connection against the sandbox's Zoho; the first time, play calls."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--zoho-url", required=True, help="address of the sandbox's Zoho")
        parser.add_argument("--again", action="store_true", help="even if the demo was removed")

    def handle(self, *args: Any, zoho_url: str, again: bool, **options: Any) -> None:
        if not is_loopback(settings.PUBLIC_HOST):
            raise CommandError(
                f"The demo works only on this machine; PUBLIC_URL is {settings.PUBLIC_URL}."
            )
        if again:
            demo.forget_removal()
        elif demo.was_removed():
            return
        try:
            connection = demo.keep_demo(zoho_url.rstrip("/"))
            self.authorise(connection)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except (ConsentRefused, ZohoError) as error:
            raise CommandError(f"The demo is not authorised: {error}") from error
        self.play(connection)

    def authorise(self, connection: Connection) -> None:
        """As the operator would at the terminal; once, and again when Zoho took it back."""
        if demo.is_authorised(connection):
            return
        purpose = ConsentRequest.Purpose.TERMINAL
        accept_consent(begin_consent(connection=connection, purpose=purpose))
        if not demo.is_authorised(connection):
            raise ConsentRefused("the portal took no grant from Zoho's answer")

    def play(self, connection: Connection) -> None:
        """Only where nothing has ever happened; real calls of somebody's trial stay alone."""
        if not connection.pbx_keys.exists():
            install_pbx(connection)
        if not connection.events.exists():
            call_command("sandbox", "play", "--connection", connection.slug, stdout=self.stdout)
