"""The admin of the parts that need nothing of the journal."""

from connector.admin import people

__all__ = ["people"]
