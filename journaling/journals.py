"""The journal settings of a connection, wherever the connection came from."""

from connector.models import Connection
from journaling.models import JournalSettings
from journaling.texts.defaults import TEXTS


def load_journal(connection: Connection) -> JournalSettings:
    """The connection's row; with the usual texts of its language where there was none."""
    texts = TEXTS[connection.language]
    journal, _made = JournalSettings.objects.get_or_create(connection=connection, defaults=texts)
    return journal
