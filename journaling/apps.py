"""The corridor from the PBX's report to the record in Zoho."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalingConfig(AppConfig):
    name = "journaling"
    verbose_name = _("Journal")
