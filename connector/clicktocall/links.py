"""Addresses that make a 3CX client dial.

Source of the web client's form: several integrations in daily use; V18 serves it at port 5001.
Both open a dialler with the number filled in: whether the call is made, nobody tells us.
"""

from urllib.parse import quote, urlsplit

from connector.models import Connection, DialSettings

V18_PORT = 5001


def write_web_client_link(settings: DialSettings, number: str) -> str:
    """The web client with the number filled in; "" when the PBX's address is not set."""
    origin = find_web_client(settings)
    return f"{origin}/webclient/#/call?phone={quote(number, safe='')}" if origin else ""


def find_web_client(settings: DialSettings) -> str:
    """`https://host[:port]`, or ""."""
    connection = settings.connection
    parts = urlsplit(connection.pbx_url)
    if not parts.hostname:
        return ""
    is_v18 = connection.pbx_version == Connection.PbxVersion.V18
    port = settings.web_client_port or parts.port or (V18_PORT if is_v18 else None)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}" if port else f"{parts.scheme}://{host}"


def write_tel_link(number: str) -> str:
    return f"tel:{number}"
