"""Ports and addresses of this machine, as `manage.py up` needs them."""

import errno
import http.client
import socket
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

SANDBOX_HOST = "127.0.0.1"  # not `localhost`, as the portal: its cookies stay apart, as in life


def is_port_free(*, host: str, port: int) -> bool:
    """Raises OSError where the host is no address of this machine."""
    family, _kind, _protocol, _name, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    )[0]
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True


def find_free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def keep_sandbox_address(file: Path) -> str:
    """Return the sandbox's address: last time's while its port is free, else a new one."""
    port = urlsplit(file.read_text().strip()).port if file.exists() else None
    if port is None or not is_port_free(host=SANDBOX_HOST, port=port):
        port = find_free_port(SANDBOX_HOST)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(f"http://{SANDBOX_HOST}:{port}\n")
    return f"http://{SANDBOX_HOST}:{port}"


def is_listening(path: Path) -> bool:
    """Tell whether a server answers on this unix socket."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def is_healthy(*, host: str, port: int) -> bool:
    """Tell whether the portal's web process serves on this port."""
    connection = http.client.HTTPConnection(find_reachable(host), port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def find_reachable(host: str) -> str:
    """Return where to ask a server that was told to listen here (0.0.0.0 and :: mean anywhere)."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not address.is_unspecified:
        return host
    return "127.0.0.1" if address.version == 4 else "::1"
