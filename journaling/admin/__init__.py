"""The admin of all that needs the journal, the connection's page included."""

from journaling.admin import connection, entries, events

__all__ = ["connection", "entries", "events"]
