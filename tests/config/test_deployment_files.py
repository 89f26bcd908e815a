"""The units, the compose file and the links of the docs, checked as far as that can be here."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from config import programs

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "docs" / "ops" / "systemd").glob("*.service"))
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def read_command(name: str) -> list[str]:
    text = (ROOT / "docs" / "ops" / "systemd" / name).read_text().replace("\\\n", " ")
    [line] = [line for line in text.splitlines() if line.startswith("ExecStart=")]
    return line.removeprefix("ExecStart=").split()[1:]


def test_the_units_run_what_the_supervisor_runs():
    worker, beat = programs.plan_worker().command, programs.plan_beat().command
    unit_worker = read_command("patchbay-worker.service")
    assert worker[3:] == unit_worker
    assert set(read_command("patchbay-beat.service")) - {'""'} <= set(beat)
    web = read_command("patchbay-web@.service")
    assert web[-1] == programs.plan_web(host="127.0.0.1", port=8000).command[-1]


def test_the_containers_run_what_the_supervisor_runs():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert services["worker"]["command"][1:] == programs.plan_worker().command[3:]
    assert services["beat"]["command"][1:] == programs.plan_beat().command[3:]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_finds_no_fault_in_the_units(tmp_path):
    for unit in UNITS:
        text = re.sub(r"/opt/patchbay/.venv/bin/\w+", sys.executable, unit.read_text())
        (tmp_path / unit.name.replace("@", "@8000")).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, tmp_path.iterdir())], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "page", ["README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_every_link_of_the_docs_leads_somewhere(page):
    path = ROOT / page
    missing = [link for link in LINK.findall(path.read_text()) if not (path.parent / link).exists()]
    assert missing == []
