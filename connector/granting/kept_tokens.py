"""Access tokens for many requests in a row: the grant is not read anew for each of them."""

import time

from connector.zoho.client import TokenSource

KEPT_FOR_SECONDS = 5.0


class KeptTokens:
    """A TokenSource in front of another one."""

    def __init__(self, source: TokenSource) -> None:
        self.source = source
        self.token, self.kept_until = "", 0.0

    def read(self) -> str:
        """Raises what the source raises."""
        if time.monotonic() >= self.kept_until:
            self.token = self.source.read()
            self.kept_until = time.monotonic() + KEPT_FOR_SECONDS
        return self.token

    def report_refused(self, token: str) -> None:
        self.kept_until = 0.0
        self.source.report_refused(token)
