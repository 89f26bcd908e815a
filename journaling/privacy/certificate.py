"""What was erased and what remains, for the person who asked and for the customer's files.

It names the person, so the portal keeps it for a day only, and sealed.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _

from connector.models import Connection, MirroredPerson
from connector.wording import Words
from journaling.privacy.scrubbing import Mention
from journaling.privacy.subject import Subject
from journaling.privacy.zoho_records import Deleted, Record


@dataclass(kw_only=True)
class Certificate:
    asked: str
    subjects: Sequence[Subject]
    at: datetime = field(default_factory=timezone.now)
    erased: Counter[str] = field(default_factory=Counter)
    scrubbed: list[Mention] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    zoho_erased: list[dict[str, str]] = field(default_factory=list)
    zoho_left: list[dict[str, Words]] = field(default_factory=list)
    zoho_people: list[dict[str, str]] = field(default_factory=list)
    zoho_scrubbed: list[dict[str, str]] = field(default_factory=list)
    zoho_mentions: list[dict[str, Words]] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    spool_files: int = 0

    def note_zoho(self, connection: Connection, outcome: Deleted) -> None:
        self.zoho_erased += [describe(connection, record) for record in outcome.gone]
        self.zoho_left += [
            {**describe(connection, record), "words": words} for record, words in outcome.left
        ]

    def note_people(
        self, connection: Connection, people: Iterable[MirroredPerson], *, gone: Collection[Record]
    ) -> None:
        """Records of Zoho that the portal only knew: they are the customer's to delete."""
        records = [(person.module, person.zoho_id) for person in people]
        self.zoho_people += [
            describe(connection, record) for record in records if record not in gone
        ]

    @property
    def also_known_by(self) -> list[str]:
        names = {name for one in self.subjects for name in one.keys | one.addresses}
        return sorted(names - {self.asked})

    def as_json(self) -> dict[str, Any]:
        return {
            "asked": self.asked,
            "also_known_by": self.also_known_by,
            "at": self.at.isoformat(timespec="seconds"),
            "connections": [one.connection.slug for one in self.subjects],
            "erased": dict(sorted(self.erased.items())),
            "blacked_out": {one.place: one.rows for one in self.scrubbed},
            "erased_in_zoho": self.zoho_erased,
            "left_in_zoho": tell_words(self.zoho_left),
            "people_in_zoho": self.zoho_people,
            "blacked_out_in_zoho": self.zoho_scrubbed,
            "named_in_zoho": tell_words(self.zoho_mentions),
            "remains": list(self.list_remains()),
        }

    def list_remains(self) -> Iterator[str]:
        """Sentences, most urgent first."""
        for mention in self.mentions:
            yield _("%(place)s: %(rows)s rows still name the person; change them by hand.") % {
                "place": name_table(mention.place),
                "rows": mention.rows,
            }
        for record in self.zoho_left:
            yield _("Zoho, %(connection)s: %(module)s %(id)s was not deleted. %(words)s") % record
        for record in self.zoho_mentions:
            yield (
                _(
                    "Zoho, %(connection)s: the text of %(module)s %(id)s, written about somebody "
                    "else, may still name the person; change it by hand. %(words)s"
                )
                % record
            )
        for reference in self.doubtful:
            yield _("Zoho may hold a record with the reference %s: look for it there.") % reference
        for person in self.zoho_people:
            yield (
                _(
                    "Zoho, %(connection)s: %(module)s %(id)s was not written by the portal. While "
                    "it is there, the directory copies it again: delete it in Zoho."
                )
                % person
            )
        if self.spool_files:
            yield _("Reports that wait on disk (DATA_DIR/spool) could not be looked through.")
        if self.zoho_erased:
            yield _("Zoho's recycle bin keeps what was deleted there for 60 days.")
        yield _("Backups of the portal hold what they held until they are deleted themselves.")
        yield _("3CX keeps its own call log, recordings, chats and transcripts.")
        yield _("The portal's logs hold the last three digits of numbers at most.")

    def as_text(self) -> str:
        lines = [
            _("Erased: %s") % self.asked,
            _("Also known by: %s") % (", ".join(self.also_known_by) or "–"),
            _("At: %s") % f"{self.at:%Y-%m-%d %H:%M:%S} UTC",
            _("Connections: %s") % ", ".join(one.connection.slug for one in self.subjects),
            "",
            _("Erased in the portal:"),
            *(f"  {name_table(label)}: {rows}" for label, rows in sorted(self.erased.items())),
            _("Blacked out in the texts of others:"),
            *(f"  {name_table(one.place)}: {one.rows}" for one in self.scrubbed),
            _("Erased in Zoho:"),
            *(f"  {one['connection']}: {one['module']} {one['id']}" for one in self.zoho_erased),
            _("Blacked out in Zoho, in the texts of others:"),
            *(f"  {one['connection']}: {one['module']} {one['id']}" for one in self.zoho_scrubbed),
            "",
            _("What remains:"),
            *(f"- {line.strip()}" for line in self.list_remains()),
        ]
        return "\n".join(lines) + "\n"


def describe(connection: Connection, record: Record) -> dict[str, str]:
    return {"connection": connection.slug, "module": record[0], "id": record[1]}


def tell_words(records: Iterable[dict[str, Words]]) -> list[dict[str, str]]:
    return [{name: str(value) for name, value in record.items()} for record in records]


def name_table(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name_plural)
