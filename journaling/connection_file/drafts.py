"""What a file wants, laid over what is stored and checked by the models; not saved yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from connector.models import (
    Agent,
    Connection,
    DialSettings,
    Queue,
    RowSource,
    Secret,
    UnreadableSecret,
)
from connector.zoho.datacentres import find_data_centre
from journaling.connection_file.problems import Problem
from journaling.connection_file.reading import Wanted
from journaling.connection_file.row_drafts import RowDraft, build_rows
from journaling.connection_file.schema import (
    KEYS,
    SECRET_PATHS,
    Key,
)
from journaling.connection_file.states import (
    Change,
    Settings,
    choose,
    describe_state,
    list_changes,
)
from journaling.models import JournalSettings
from journaling.texts.defaults import TEXTS


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One connection as it will be; `problems` keep it from being saved."""

    connection: Connection
    journal: JournalSettings
    dial: DialSettings
    rows: list[RowDraft]
    is_new: bool
    changes: list[Change]
    problems: list[Problem]

    @property
    def slug(self) -> str:
        return self.connection.slug


def build_draft(wanted: Wanted, stored: Connection | None) -> Draft:
    """Lay `wanted` over `stored` (None: a new connection), and check the result."""
    connection = stored or Connection(slug=wanted.slug)
    settings = find_settings(connection)
    _connection, journal, dial = settings
    old_rows = list_rows(stored) if stored else []
    before = describe_state(settings, old_rows)
    set_values(wanted, settings)
    rows, problems = build_rows(wanted, connection, old_rows)
    problems += [problem for row in settings for problem in check(row, wanted)]
    after = describe_state(settings, [draft.row for draft in rows])
    changes = list_changes(before, after)
    return Draft(
        connection=connection,
        journal=journal,
        dial=dial,
        rows=rows,
        is_new=stored is None,
        changes=changes,
        problems=problems,
    )


def list_rows(connection: Connection) -> list[Agent | Queue]:
    """What people set; rows that were read from the PBX are no business of the file."""
    own = RowSource.MANUAL
    return [*connection.agents.filter(source=own), *connection.queues.filter(source=own)]


def find_settings(connection: Connection) -> Settings:
    """All rows that hold keys of a connection; unsaved where there is none yet."""
    own = {"connection": connection}
    is_stored = bool(connection.pk)
    journal = JournalSettings.objects.filter(**own).first() if is_stored else None
    dial = DialSettings.objects.filter(**own).first() if is_stored else None
    return connection, journal or JournalSettings(**own), dial or DialSettings(**own)


def set_values(wanted: Wanted, settings: Settings) -> None:
    """Set every column to what the file gives, else to its default; secrets only if given."""
    for key in KEYS:
        given = wanted.values.get(key.path)
        target = choose(key, settings)
        if key.path not in SECRET_PATHS:
            setattr(target, key.column, given.value if given else find_default(key, wanted))
        elif given and not holds(getattr(target, key.column), given.value):
            setattr(target, key.column, given.value)


def find_default(key: Key, wanted: Wanted) -> Any:
    """The default of a key that was left out, which may follow from another key."""
    if key.path == "name":
        return wanted.slug
    if key.column in TEXTS["en"]:
        return TEXTS[read_language(wanted)][key.column]
    if key.column in ("accounts_url", "crm_url", "api_url"):
        return ""  # the model fills it from the data centre
    accounts_url = wanted.values.get("zoho.accounts_url")
    if key.column == "data_centre" and accounts_url:
        return find_data_centre(accounts_url=accounts_url.value)
    return key.field.get_default()


def read_language(wanted: Wanted) -> str:
    given = wanted.values.get("language")
    return given.value if given else Connection.Language.ENGLISH


def holds(secret: Secret, text: str) -> bool:
    try:
        return secret.reveal() == text
    except UnreadableSecret:
        return False


def check(instance: Model, wanted: Wanted) -> list[Problem]:
    """Let the model judge its columns; what it says gets the line of the key that it is about."""
    try:
        instance.full_clean(exclude=["connection"])
    except ValidationError as error:
        return list(locate(error, type(instance), wanted))
    return []


def locate(error: ValidationError, model: type[Model], wanted: Wanted) -> Iterable[Problem]:
    paths = {key.column: key.path for key in KEYS if key.model is model}
    for column, errors in error.error_dict.items():
        path = paths.get(column, "")
        line = wanted.values[path].line if path in wanted.values else wanted.line
        for single in errors:
            yield Problem(line, f"{path or wanted.slug}: {' '.join(single.messages)}")
