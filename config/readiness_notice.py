"""Telling systemd that this process serves (sd_notify(3)); the next one may then be restarted."""

import os
import socket


def tell_systemd() -> None:
    """Nothing happens where systemd did not ask."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address[0] == "@":  # a name without a file
        address = f"\0{address[1:]}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notice:
        notice.sendto(b"READY=1", address)
