"""`fields:` and `layout:` of a file beside what Zoho says of them, as the form does on saving."""

from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from connector.granting.grants import fetch_organisation_facts, open_client
from connector.models import Connection, UnreadableSecret
from connector.state import find_grant
from connector.zoho.errors import ZohoError
from journaling.connection_file.problems import FileRefused, Problem
from journaling.connection_file.reading import Wanted, read_file
from journaling.connection_file.schema import KEYS
from journaling.models import JournalSettings
from journaling.models.layouts import LAYOUT_COLUMNS
from journaling.setup.field_checks import judge_layout, list_faults

PATHS = {key.column: key.path for key in KEYS if key.section in ("fields", "layout")}


def check_with_zoho(path: Path) -> list[str]:
    """Sentences about what could not be checked. Raises FileRefused.

    Zoho is asked only where what is stored of it does not bear the file out; outside any
    transaction.
    """
    problems: list[Problem] = []
    notes: list[str] = []
    for wanted in read_file(path):
        if not any(wanted.values[path].value for path in PATHS.values() if path in wanted.values):
            continue
        try:
            problems += list_problems(wanted)
        except (ZohoError, UnreadableSecret) as error:
            words = _("%(slug)s: fields and layouts were not checked: %(error)s")
            notes.append(words % {"slug": wanted.slug, "error": error})
    if problems:
        raise FileRefused(path, problems)
    return notes


def list_problems(wanted: Wanted) -> Sequence[Problem]:
    """Raises ZohoError and UnreadableSecret when Zoho cannot be asked."""
    connection = Connection.objects.filter(slug=wanted.slug).first() or Connection()
    grant = find_grant(connection)
    if grant and grant.organisation.fields and not compare(wanted, connection):
        return []
    fetch_organisation_facts(connection, open_client(connection))
    return compare(wanted, Connection.objects.get(pk=connection.pk))


def compare(wanted: Wanted, connection: Connection) -> list[Problem]:
    given = {column: wanted.values[path] for column, path in PATHS.items() if path in wanted.values}
    layouts = {column: given[column].value for column in LAYOUT_COLUMNS.values() & given.keys()}
    settings = JournalSettings(**layouts)
    found = []
    for column, one in given.items():
        if column in layouts:
            module = next(name for name, own in LAYOUT_COLUMNS.items() if own == column)
            faults = [judge_layout(module, settings=settings, connection=connection)]
        else:
            faults = list_faults(column, one.value, connection=connection)
        found += [Problem(one.line, f"{PATHS[column]}: {fault}") for fault in filter(None, faults)]
    return found
