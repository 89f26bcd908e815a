"""The admin of the parts that need nothing of the journal."""

from connector.admin import dialling, history, users, zoho_users

__all__ = ["dialling", "history", "users", "zoho_users"]
