"""YAML with line numbers: texts stay as they are written until we know what they are to be."""

from collections.abc import Iterator
from pathlib import Path

import yaml
from django.utils.translation import gettext as _
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from journaling.connection_file.problems import FileRefused, Problem

TAGS = "tag:yaml.org,2002:"
STRING, INTEGER, BOOLEAN, NULL = (TAGS + name for name in ("str", "int", "bool", "null"))


def read_document(path: Path) -> MappingNode:
    """Read a file as a tree of nodes; raises FileRefused for what is no YAML mapping."""
    try:
        node = yaml.compose(path.read_bytes(), Loader=yaml.SafeLoader)
    except OSError as error:
        raise FileRefused(path, [Problem(0, error.strerror or str(error))]) from error
    except RecursionError:
        raise FileRefused(path, [Problem(0, _("it is nested too deeply"))]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = _("this is no YAML: %s") % (error.problem or error.context)
        raise FileRefused(path, [Problem(mark.line + 1 if mark else 0, words)]) from error
    except yaml.YAMLError as error:
        words = _("this is no YAML: %s") % " ".join(str(error).split())
        raise FileRefused(path, [Problem(0, words)]) from error
    if not isinstance(node, MappingNode):
        words = _("the file must begin with “connections:”")
        raise FileRefused(path, [Problem(get_line(node) if node else 0, words)])
    return node


def get_line(node: Node) -> int:
    return node.start_mark.line + 1 if node.start_mark else 0


def list_pairs(node: Node, *, name: str, problems: list[Problem]) -> Iterator[tuple[Node, Node]]:
    """Yield keys and values of a mapping; an empty one has none.

    What is no mapping, a key given twice and a key that YAML reads as no text go to `problems`.
    """
    if is_null(node):
        return
    if not isinstance(node, MappingNode):
        problems.append(Problem(get_line(node), _("%s must be a group of “key: value”") % name))
        return
    seen: dict[str, int] = {}
    for key, value in node.value:
        problem = find_key_problem(key, seen=seen)
        if problem:
            problems.append(Problem(get_line(key), problem))
            continue
        seen[key.value] = get_line(key)
        yield key, value


def find_key_problem(key: Node, *, seen: dict[str, int]) -> str:
    if not isinstance(key, ScalarNode):
        return _("a key must be a word")
    if key.tag == TAGS + "merge":
        return _("“<<” is not supported; what connections share stands under “defaults:”")
    if key.tag != STRING and not is_plain_number(key):
        return _('YAML does not read the key %(key)s as text; put it in quotes: "%(key)s"') % {
            "key": key.value
        }
    if key.value in seen:
        return _("“%s” is given twice (first in line %d)") % (key.value, seen[key.value])
    return ""


def is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.tag == NULL


def is_plain_number(node: Node) -> bool:
    """Tell whether a scalar is a whole number that reads the same to YAML and to people."""
    text = node.value
    plain = text == "0" or (text.isascii() and text.isdigit() and not text.startswith("0"))
    return bool(node.tag == INTEGER and plain)


__all__ = [
    "BOOLEAN",
    "INTEGER",
    "NULL",
    "STRING",
    "MappingNode",
    "Node",
    "ScalarNode",
    "SequenceNode",
    "get_line",
    "is_null",
    "is_plain_number",
    "list_pairs",
    "read_document",
]
