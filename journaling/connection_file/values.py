"""One value of the file: the text that stands there becomes what its column holds.

YAML 1.1 turns `NO` into false, `0123` into 83 and `+44` into 44. Such a value is refused with words
about quotes instead of being stored as something that nobody wrote.
"""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from connector.models.rows import RowsField
from journaling.connection_file.document import (
    BOOLEAN,
    INTEGER,
    STRING,
    Node,
    ScalarNode,
    SequenceNode,
    get_line,
    is_null,
    is_plain_number,
    list_pairs,
)
from journaling.connection_file.problems import Problem, suggest


def read_value(node: Node, field: "models.Field[Any, Any]") -> Any:
    """Return the value for a column (never for a secret); raises Problem."""
    if isinstance(field, RowsField):
        return read_rows(node)
    if isinstance(field, models.DateTimeField):
        return read_moment(node)
    if isinstance(field, models.JSONField):
        return read_texts(node) if isinstance(field.get_default(), list) else read_group(node)
    if isinstance(field, models.BooleanField):
        return read_boolean(node)
    if isinstance(field, models.IntegerField):
        return None if field.null and is_null(node) else read_number(node)
    if field.choices:
        return read_choice(node, [str(value) for value, _label in field.flatchoices])
    return read_text(node)


def read_scalar(node: Node) -> ScalarNode:
    if is_null(node):
        words = _('the value is missing; leave the key out for its default, or write ""')
        raise Problem(get_line(node), words)
    if not isinstance(node, ScalarNode):
        raise Problem(get_line(node), _("must be one value, not a list or group"))
    return node


def read_text(node: Node) -> str:
    scalar = read_scalar(node)
    if scalar.tag == STRING or is_plain_number(scalar):
        return str(scalar.value)
    words = _('YAML reads %(text)s as %(kind)s; put it in quotes: "%(text)s"')
    kind = describe_reading(scalar)
    raise Problem(get_line(node), words % {"text": scalar.value, "kind": kind})


def describe_reading(scalar: ScalarNode) -> str:
    """What YAML makes of an unquoted text, in words."""
    if scalar.tag == BOOLEAN:
        return "true" if is_true(scalar) else "false"
    if (
        scalar.tag == INTEGER
        and scalar.value.lstrip("+-").startswith("0")
        and scalar.value.isdigit()
    ):
        return _("the octal number %d") % int(scalar.value, 8)
    if scalar.tag == INTEGER:
        return _("a number")
    return _("a “%s”") % scalar.tag.rpartition(":")[2].lstrip("!")


def is_true(scalar: ScalarNode) -> bool:
    return scalar.value.lower() in {"true", "yes", "on"}


def read_boolean(node: Node) -> bool:
    scalar = read_scalar(node)
    if scalar.tag != BOOLEAN or scalar.value.lower() not in {"true", "false"}:
        words = _("is %s; write true or false, without quotes") % scalar.value
        raise Problem(get_line(node), words)
    return is_true(scalar)


def read_number(node: Node) -> int:
    scalar = read_scalar(node)
    if is_plain_number(scalar):
        return int(scalar.value)
    words = _("is “%s”; write a whole number without quotes, like 20") % scalar.value
    raise Problem(get_line(node), words)


def read_choice(node: Node, allowed: list[str]) -> str:
    text = read_text(node)
    if text not in allowed:
        words = _("“%s” is not possible") % text
        hint = _("allowed: %s") % ", ".join(allowed)
        raise Problem(get_line(node), f"{words}; {hint}")
    return text


def read_texts(node: Node) -> list[str]:
    if not isinstance(node, SequenceNode):
        raise Problem(get_line(node), _('must be a list, like ["9", "0"] or []'))
    return [read_text(item) for item in node.value]


def read_rows(node: Node) -> list[dict[str, str]]:
    if not isinstance(node, SequenceNode):
        raise Problem(get_line(node), _("must be a list; write [] for none"))
    return [read_group(item) for item in node.value]


def read_moment(node: Node) -> datetime | None:
    """ISO 8601 with an offset, like 2026-11-22T08:00:00+01:00; null or "" for none."""
    text = "" if is_null(node) else str(read_scalar(node).value).strip()
    if not text:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        words = _("“%s” is no moment with an offset; write it like 2026-11-22T08:00:00+01:00")
        raise Problem(get_line(node), words % text)
    return moment


def read_group(node: Node) -> dict[str, str]:
    """A free group of names and texts, such as fields of Zoho by their API names."""
    problems: list[Problem] = []
    pairs = list_pairs(node, name=_("this key"), problems=problems)
    group = {key.value: read_text(value) for key, value in pairs}
    if problems:
        raise problems[0]
    return group


def refuse_unknown(key: Node, *, place: str, known: list[str]) -> Problem:
    words = _("unknown key “%(key)s” in %(place)s; %(hint)s")
    parts = {"key": key.value, "place": place, "hint": suggest(key.value, known)}
    return Problem(get_line(key), words % parts)
