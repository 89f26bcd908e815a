"""The browser extension of this portal: its source with the portal's address put in.

A page of the portal or of Zoho outside the known data centres becomes part of the manifest, so
that the browser asks nobody for a permission later.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

SOURCE = Path(__file__).parent / "extension"


def build_zip() -> bytes:
    """To unpack and load, or to upload to a store as the organisation's own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in list_files():
            archive.writestr(f"patchbay/{name}", content)
    return buffer.getvalue()


def unpack(folder: Path) -> None:
    """The same files in a folder, for "Load unpacked"."""
    for name, content in list_files():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def list_files() -> Iterator[tuple[str, bytes]]:
    """Names and contents, in a fixed order."""
    made = {
        "manifest.json": write_json(build_manifest()),
        "portal.json": write_json({"portal": settings.PUBLIC_URL}),
    }
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file():
            name = path.relative_to(SOURCE).as_posix()
            yield name, made.get(name) or path.read_bytes()


def build_manifest() -> dict[str, Any]:
    """The source's manifest with the hosts of this portal; nothing is left to be asked for."""
    manifest: dict[str, Any] = json.loads((SOURCE / "manifest.json").read_text(encoding="utf-8"))
    pages = [match_host(url) for url in settings.ZOHO_TRUSTED_URLS]
    manifest["host_permissions"] += [match_host(settings.PUBLIC_URL), *pages]
    manifest["content_scripts"][0]["matches"] += pages
    return manifest


def match_host(url: str) -> str:
    """`https://host/*`: patterns of browsers know no ports, they mean every port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}/*"


def write_json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"
