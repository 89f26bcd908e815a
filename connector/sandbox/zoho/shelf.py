"""The records of one module, and what makes finding them fast."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any

from .schema import Field, select_typed

Record = dict[str, Any]


class Shelf:
    """Records by id; remembers which ones changed since they were last written to the file."""

    def __init__(self, module: str, fields: Iterable[Field]) -> None:
        self.module = module
        self.fields = {field.api_name: field for field in fields}
        self._phone_names = list(select_typed(self.fields, "phone"))
        self._unique_names = [name for name, field in self.fields.items() if field.unique]
        self.records: dict[str, Record] = {}
        self.deleted: dict[str, Record] = {}
        self.changed: set[str] = set()
        self._digits: dict[str, str] = {}
        self._unique: dict[tuple[str, str], str] = {}
        self._arranged: dict[Hashable, list[Record]] = {}

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records.values())

    def __len__(self) -> int:
        return len(self.records)

    def get(self, record_id: object) -> Record | None:
        return self.records.get(str(record_id))

    def put(self, record: Record) -> None:
        self._forget(record["id"])
        self.records[record["id"]] = record
        self.changed.add(record["id"])
        self._index(record)

    def remove(self, record_id: str, *, grave: Record, keep_unique: bool = False) -> None:
        """Move a record to the recycle bin, where its unique values may stay taken."""
        self._forget(record_id, keep_unique=keep_unique)
        del self.records[record_id]
        self.deleted[record_id] = grave
        self.changed.add(record_id)

    def restore(self, records: Iterable[Record], *, deleted: Iterable[Record] = ()) -> None:
        """Fill the shelf from the file, where nothing has changed."""
        for record in records:
            self.records[record["id"]] = record
            self._index(record)
        self.deleted = {grave["id"]: grave for grave in deleted}

    def arrange(self, order: Hashable, build: Callable[[], list[Record]]) -> list[Record]:
        """What `build` makes of the records, kept until one of them changes."""
        if order not in self._arranged:
            self._arranged[order] = build()
        return self._arranged[order]

    def add_field(self, field: Field) -> None:
        self.fields[field.api_name] = field
        if field.data_type == "phone":
            self._phone_names.append(field.api_name)
        if field.unique:
            self._unique_names.append(field.api_name)
        for record in self:
            self._index(record)

    def find_holder(self, *, field: str, value: object) -> str | None:
        """Id of the record that holds this value of a unique field."""
        return self._unique.get((field, str(value).casefold()))

    def find_by_digits(self, digits: str) -> Iterator[Record]:
        """Records of which some phone field contains these digits, separators left out."""
        return (self.records[key] for key, held in self._digits.items() if digits in held)

    def name_of(self, record_id: object, *, field: str) -> str | None:
        record = self.get(record_id)
        return record.get(field) if record else None

    def _index(self, record: Record) -> None:
        self._arranged.clear()
        phones = [record.get(name) or "" for name in self._phone_names]
        digits = "|".join(re.sub(r"\D", "", phone) for phone in phones if phone)
        if digits:
            self._digits[record["id"]] = digits
        for key in self._list_unique_keys(record):
            self._unique[key] = record["id"]

    def _forget(self, record_id: str, *, keep_unique: bool = False) -> None:
        old = self.records.get(record_id)
        if old is None:
            return
        self._arranged.clear()
        self._digits.pop(record_id, None)
        for key in () if keep_unique else self._list_unique_keys(old):
            self._unique.pop(key, None)

    def _list_unique_keys(self, record: Record) -> list[tuple[str, str]]:
        taken = [name for name in self._unique_names if record.get(name) not in (None, "")]
        return [(name, str(record[name]).casefold()) for name in taken]
