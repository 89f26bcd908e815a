"""The browser extension for click to call, with this portal's address in it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connector.clicktocall.packing import build_zip, unpack


class Command(BaseCommand):
    help = "Write the browser extension: to a .zip file, or unpacked into an empty folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="patchbay-extension.zip, or a folder")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if path.suffix == ".zip":
            path.write_bytes(build_zip())
        elif path.exists() and any(path.iterdir()):
            raise CommandError(f"{path} is not empty. Name a folder that does not exist yet.")
        else:
            unpack(path)
        self.stdout.write(f"The extension is in {path}")
