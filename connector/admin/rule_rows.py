"""Rules of exclusion as rows of a table: what there is, and two empty rows for more."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from connector.exclusions import JOURNAL, KEYS, KINDS

EMPTY_ROWS = 2
LABELS = {
    "kind": _("What"),
    "value": _("Number, pattern or extension"),
    "journal": _("Journal it"),
    "note": _("Note"),
}
EXAMPLES = {"value": "+44163296*", "note": LABELS["note"]}


class RuleRowsWidget(forms.Widget):
    """Inputs of the same name stand in columns; a row without a value is no rule."""

    template_name = "admin/widgets/rule_rows.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.cells: dict[str, forms.Widget] = {
            "kind": UnfoldAdminSelectWidget(choices=list(KINDS.items())),
            "value": UnfoldAdminTextInputWidget(),
            "journal": UnfoldAdminSelectWidget(choices=list(JOURNAL.items())),
            "note": UnfoldAdminTextInputWidget(attrs={"maxlength": 60}),
        }

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """With the project's templates, which Django's own renderer of forms does not see."""
        rows = value if isinstance(value, list) else []
        empty: list[Mapping[str, str]] = [{}] * EMPTY_ROWS
        context = {
            "labels": [LABELS[key] for key in KEYS],
            "rows": [
                [self.draw_cell(f"{name}-{key}", key, row.get(key, "")) for key in KEYS]
                for row in [*rows, *empty]
            ],
        }
        return render_to_string(self.template_name, context)

    def draw_cell(self, name: str, key: str, value: str) -> str:
        attrs = {"aria-label": str(LABELS[key])}
        if key in EXAMPLES:
            attrs["placeholder"] = str(EXAMPLES[key])
        return self.cells[key].render(name, value, attrs)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        columns = [list_texts(data, f"{name}-{key}") for key in KEYS]
        return list(build_rows(columns))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-value" not in data

    def id_for_label(self, id_: str) -> str:
        return ""


def list_texts(data: Any, name: str) -> list[str]:
    found = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    return [str(text).strip() for text in found]


def build_rows(columns: Iterable[list[str]]) -> Iterable[dict[str, str]]:
    for cells in zip(*columns, strict=False):
        row = dict(zip(KEYS, cells, strict=True))
        if row["value"] or row["note"]:
            yield {key: text for key, text in row.items() if text or key != "note"}


class RuleRowsField(forms.Field):
    widget = RuleRowsWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != (data or []))

    def clean(self, value: Any) -> list[dict[str, str]]:
        return list(value or [])
