"""The two ends: the PBX and Zoho, and what an administrator sets about them."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from connector.checks import check_encryption_keys, check_trigrams


class ConnectorConfig(AppConfig):
    name = "connector"
    verbose_name = _("Connections")

    def ready(self) -> None:
        register(check_encryption_keys)
        register(check_trigrams, Tags.database)
