"""The direction of imports, as docs/architecture.md promises it, and how long things may get."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("config", "connector", "journaling")
LONGEST_FUNCTION = 50
WITHOUT_DATABASE = (
    "connector/zoho",
    "connector/threecx",
    "connector/sandbox/zoho",
    "connector/phones.py",
    "journaling/render.py",
    "journaling/texts",
)
PURE_EXCEPTIONS = {
    # Needs the connection's row to build its template.
    "connector/threecx/download.py",
}


def list_files(*places: str) -> list[Path]:
    found = []
    for place in places:
        path = ROOT / place
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts]


def list_imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def find_imports(path: Path, *prefixes: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for name in list_imports(path)
        if any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)
    ]


def test_connector_never_imports_journaling():
    assert not [
        line for path in list_files("connector") for line in find_imports(path, "journaling")
    ]


def test_config_names_the_apps_only_as_strings():
    paths = list_files("config")
    assert not [line for path in paths for line in find_imports(path, "connector", "journaling")]


def test_the_product_never_imports_its_tests():
    assert not [line for path in list_files(*ROOMS) for line in find_imports(path, "tests")]


@pytest.mark.parametrize("place", WITHOUT_DATABASE)
def test_rooms_without_a_database_import_no_queries(place):
    forbidden = ("django.db", "connector.models", "connector.granting", "connector.auth")
    paths = [p for p in list_files(place) if str(p.relative_to(ROOT)) not in PURE_EXCEPTIONS]
    assert paths
    assert not [line for path in paths for line in find_imports(path, *forbidden)]


def test_only_the_entries_package_writes_an_entrys_state():
    def writes_state(path: Path) -> bool:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr == "update" and any(word.arg == "state" for word in node.keywords):
                return True
        return False

    paths = [p for p in list_files("journaling") if "entries" not in p.parts]
    assert [str(p.relative_to(ROOT)) for p in paths if writes_state(p)] == []


def test_no_function_is_longer_than_fifty_lines():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in list_files(*ROOMS, "bench", "tests")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert found == []


def test_no_file_is_longer_than_it_may_be():
    """250 lines, 400 of tests."""
    limits = dict.fromkeys(list_files(*ROOMS, "bench"), 250) | dict.fromkeys(
        list_files("tests"), 400
    )
    long = [
        str(path.relative_to(ROOT))
        for path, most in limits.items()
        if len(path.read_text().splitlines()) > most
    ]
    assert long == []


def test_nothing_is_imported_inside_a_function():
    found = []
    for path in list_files(*ROOMS):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found += [
                    f"{path.relative_to(ROOT)}:{inner.lineno}"
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.Import | ast.ImportFrom)
                ]
    assert not found
