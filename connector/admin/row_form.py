"""A row of a table in which people type."""

from typing import Any

from django import forms
from django.utils.text import capfirst


class RowForm(forms.ModelForm):
    """The heading of a column is no label of a cell: each names itself to whoever does not see."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # Around a choice of related rows stands a frame with buttons.
            widget: Any = getattr(field.widget, "widget", field.widget)
            widget.attrs["aria-label"] = capfirst(str(field.label or ""))
