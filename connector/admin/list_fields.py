"""Form fields in which people edit lists and tables that are stored as JSON."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

API_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class StoredField(forms.CharField):
    """A text that stands for a stored value; it changed when that value would.

    It may be left empty.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False} | kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or self.to_python("")))
        except ValidationError:
            return True


class WordListField(StoredField):
    """“a, b, c” for ["a", "b", "c"]."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(word for word in value if word) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = [word.strip() for word in re.split(r"[,;\n]", value or "")]
        return list(dict.fromkeys(word for word in words if word))


class PrefixListField(WordListField):
    """Outside prefixes: digits, also * and #."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        for word in value:
            if not re.fullmatch(r"[0-9*#]{1,6}", word):
                raise ValidationError(
                    _("“%(word)s” is no prefix. Write digits, like 9 or 0, 00."),
                    params={"word": word},
                )


class LineListField(StoredField):
    """A list of texts, one per line."""

    widget = UnfoldAdminTextareaWidget(attrs={"rows": 3, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (line.strip() for line in (value or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class FieldLinesField(StoredField):
    """One line “API_Name = text” for each field that is filled in Zoho."""

    widget = UnfoldAdminTextareaWidget(attrs={"rows": 3, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{name} = {text}" for name, text in value.items())
        return value

    def to_python(self, value: Any) -> Any:
        fields: dict[str, str] = {}
        for number, line in enumerate((value or "").splitlines(), start=1):
            if line.strip():
                name, text = read_line(line, number=number)
                if name in fields:
                    raise ValidationError(
                        _("Line %(number)s fills %(name)s a second time."),
                        params={"number": number, "name": name},
                    )
                fields[name] = text
        return fields


def read_line(line: str, *, number: int) -> tuple[str, str]:
    name, sign, text = (part.strip() for part in line.partition("="))
    if not sign:
        raise ValidationError(
            _("Line %(number)s has no “=”. Write: API_Name = text."), params={"number": number}
        )
    if not API_NAME.fullmatch(name):
        raise ValidationError(
            _(
                "Line %(number)s: “%(name)s” is no API name. Zoho shows it under Setup › "
                "Developer Hub › APIs and SDKs › API Names."
            ),
            params={"number": number, "name": name},
        )
    return name, text
