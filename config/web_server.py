"""The web server on a socket that systemd holds: `python -m config.web_server --workers 2`.

A request that arrives while the server restarts waits in the socket, or is taken by another
instance that serves the same one. granian opens sockets of its own only, but hands its workers a
holder of one; here it holds the one that was passed on (sd_listen_fds(3)).
"""

import argparse
import multiprocessing
import os
import sys

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from config.programs import WEB_THREADS

PASSED_ON = 3
BACKLOG = 1024


class HeldSocketServer(MPServer):
    """granian's own server, except for where its socket comes from."""

    def _init_shared_socket(self) -> None:
        # A worker that finds its connection taken by another one must not wait for the next.
        os.set_blocking(PASSED_ON, False)
        self._sso = None
        # granian's stubs lag behind its own code here.
        self._sfd = PASSED_ON  # type: ignore[assignment]
        self._shd = SocketHolder(PASSED_ON, False, BACKLOG)  # type: ignore[call-arg,assignment]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    workers = parser.parse_args().workers
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        sys.exit("No socket was passed on: start this by patchbay-web.socket (docs/deploy.md)")
    multiprocessing.set_start_method("fork")  # the workers inherit the socket
    HeldSocketServer(
        "config.wsgi:application",
        interface=Interfaces.WSGI,
        # While granian waits to see which HTTP a client speaks, its stop cuts that client off.
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=WEB_THREADS,
        workers_kill_timeout=8,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
