"""The admin of the parts that need nothing of the journal."""

from connector.admin import dialling, people

__all__ = ["dialling", "people"]
