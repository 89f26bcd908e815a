"""The admin of all that needs the journal, the connection's page included."""

from journaling.admin import alarms, connection, entries, events

__all__ = ["alarms", "connection", "entries", "events"]
