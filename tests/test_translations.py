"""The Russian catalogue is whole: nothing on a page stays English by accident."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "locale" / "ru" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
FORMS = 4
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext"}

# Labels known from the screens of 3CX and Zoho stay English, and so do names.
ENGLISH = {
    "Webhook", "Zoho: %s", "webhook", "Client Name", "Homepage URL", "Authorized Redirect URIs",
    "Authorize", "Patchbay",
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def is_russian(text: str) -> bool:
    return bool(re.search("[А-Яа-яЁё]", text)) or not re.search("[A-Za-z]{3}", strip(text))


def strip(text: str) -> str:
    return PLACEHOLDER.sub("", text)


def list_forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_string_is_translated(catalogue):
    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy] == []


def test_only_known_labels_stay_english(catalogue):
    english = {
        entry.msgid
        for entry in catalogue
        for form in list_forms(entry)
        if form == entry.msgid and not is_russian(form)
    }
    assert english <= ENGLISH


def test_plurals_have_all_russian_forms(catalogue):
    plural = [entry for entry in catalogue if entry.msgid_plural]
    assert plural
    assert [entry.msgid for entry in plural if len(entry.msgstr_plural) != FORMS] == []


def test_placeholders_survive_the_translation(catalogue):
    wrong = []
    for entry in catalogue:
        for form in list_forms(entry):
            known = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
            if not set(PLACEHOLDER.findall(form)) <= known:
                wrong.append(entry.msgid)
    assert wrong == []


def test_no_string_hides_from_the_catalogue_in_another_one():
    """xgettext does not look into f-strings."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for room in ("config", "connector", "journaling")
        for path in (ROOT / room).rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in MARKS
    ]
    assert hidden == []


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed")
def test_the_catalogue_knows_every_string_of_the_code(tmp_path, catalogue):
    """What makemessages would add is missing in the catalogue."""
    for room in ("config", "connector", "journaling", "templates", "manage.py"):
        source = ROOT / room
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / room)
    (tmp_path / "locale" / "ru" / "LC_MESSAGES").mkdir(parents=True)
    subprocess.run(
        [
            *(sys.executable, "-m", "django", "makemessages", "--locale", "ru"),
            *("--settings", "tests.support.bare"),
        ],
        cwd=tmp_path, check=True, capture_output=True, env=build_plain_environment(),
    )  # fmt: skip
    made = polib.pofile(str(tmp_path / "locale" / "ru" / "LC_MESSAGES" / "django.po"))
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    assert [e.msgid for e in made if (e.msgctxt, e.msgid) not in known] == []


def build_plain_environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
