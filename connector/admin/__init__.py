"""The admin of the parts that need nothing of the journal."""

from django.contrib import admin

from connector.admin import dialling, history, users, zoho_users

admin.site.empty_value_display = "–"

__all__ = ["dialling", "history", "users", "zoho_users"]
