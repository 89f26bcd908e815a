"""Secrets of the file: named by environment variable or file, never written out."""

import os
from pathlib import Path

from django.utils.translation import gettext as _

from journaling.connection_file.document import MappingNode, Node, get_line, list_pairs
from journaling.connection_file.problems import Problem
from journaling.connection_file.values import read_text, refuse_unknown

SOURCES = ["env", "file"]


def read_secret(node: Node, *, folder: Path) -> str:
    """Return the text that `{env: NAME}` or `{file: PATH}` names; a path starts at `folder`.

    Raises Problem; its words never hold the secret.
    """
    line = get_line(node)
    if not isinstance(node, MappingNode):
        words = _(
            "a secret is not written here; write {env: NAME_OF_A_VARIABLE} or {file: PATH} instead"
        )
        raise Problem(line, words)
    problems: list[Problem] = []
    pairs = list(list_pairs(node, name=_("the secret"), problems=problems))
    unknown = [key for key, _value in pairs if key.value not in SOURCES]
    if unknown:
        raise refuse_unknown(unknown[0], place=_("a secret"), known=SOURCES)
    if problems or len(pairs) != 1:
        raise Problem(line, _("a secret has one source: {env: NAME} or {file: PATH}"))
    key, value = pairs[0]
    source = read_text(value)
    secret = (
        read_file(folder / source, line=line) if key.value == "file" else read_env(source, line)
    )
    if not secret:
        raise Problem(line, _("the secret in %s is empty") % source)
    return secret


def read_env(name: str, line: int) -> str:
    if name not in os.environ:
        raise Problem(line, _("the environment variable %s is not set") % name)
    return os.environ[name].strip()


def read_file(path: Path, *, line: int) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else _("it is not text")
        words = _("the secret cannot be read from %(path)s: %(reason)s")
        raise Problem(line, words % {"path": path, "reason": reason}) from error


def name_variable(slug: str, *, path: str) -> str:
    """The environment variable that an export names for a secret of a connection."""
    what = "ZOHO_SECRET" if path.startswith("zoho.") else "PBX_API_SECRET"
    return f"{slug.upper().replace('-', '_')}_{what}"
