"""The admin of all that needs the journal, the connection's page included."""

from journaling.admin import entries, events

__all__ = ["entries", "events"]
