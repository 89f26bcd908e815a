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
OPS = ROOT / "docs" / "ops"
UNITS = sorted((OPS / "systemd").iterdir())
OF_THE_IMAGE = {"BIND", "DATA_DIR", "PORT", "SANDBOX"}
FIRST_ADMIN = {f"DJANGO_SUPERUSER_{name}" for name in ("USERNAME", "PASSWORD", "EMAIL")}
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
    assert read_command("patchbay-web@.service")[:2] == ["-m", "config.web_server"]


def test_a_worker_has_eight_slots_or_more_of_threads():
    command = programs.plan_worker().command
    assert command[command.index("-P") + 1] == "threads"
    assert int(command[command.index("-c") + 1]) >= 8


def test_the_containers_run_what_the_supervisor_runs():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert services["worker"]["command"][1:] == programs.plan_worker().command[3:]
    assert services["beat"]["command"][1:] == programs.plan_beat().command[3:]


def test_the_containers_write_nowhere_and_are_asked_how_they_are():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    dockerfile = (ROOT / "Dockerfile").read_text()
    for name in ("prepare", "web", "worker", "beat"):
        assert services[name]["read_only"], name
        assert services[name]["cap_drop"] == ["ALL"], name
    assert re.search(r"^USER [1-9]\d+:[1-9]\d+$", dockerfile, flags=re.MULTILINE)
    assert "\nHEALTHCHECK " in dockerfile
    assert "healthcheck" not in services["web"]  # the image's
    for name in ("worker", "postgres", "valkey"):
        assert services[name]["healthcheck"]["test"], name


def test_the_containers_get_every_setting_that_the_image_does_not_fix():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    example = (ROOT / ".env.example").read_text()
    settings = set(re.findall(r"^#([A-Z_]+)=", example, flags=re.MULTILINE))
    for name in ("prepare", "web", "worker", "beat"):
        assert set(services[name]["environment"]) == settings - OF_THE_IMAGE - FIRST_ADMIN


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_finds_no_fault_in_the_units(tmp_path):
    for unit in UNITS:
        text = re.sub(r"/opt/patchbay/.venv/bin/\w+", sys.executable, unit.read_text())
        (tmp_path / unit.name.replace("@", "@a")).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, tmp_path.iterdir())], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not here")
def test_nginx_takes_its_configuration(tmp_path):
    site = (OPS / "nginx.conf").read_text().replace("listen 443 ssl;", "listen 127.0.0.1:8443;")
    site = re.sub(r"\n *ssl_certificate.*", "", site)
    (tmp_path / "site.conf").write_text(site)
    conf = f"pid {tmp_path}/pid; events {{}} http {{ include {tmp_path}/site.conf; }}"
    (tmp_path / "nginx.conf").write_text(conf)
    done = subprocess.run(
        ["nginx", "-t", "-q", "-e", str(tmp_path / "log"), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not here")
def test_each_alert_of_prometheus_fires_when_it_should():
    done = subprocess.run(
        ["promtool", "test", "rules", "prometheus-alerts-test.yaml"], cwd=OPS,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_every_alert_of_prometheus_is_tried():
    """The file that promtool runs names the metrics of each of them."""
    tried = (OPS / "prometheus-alerts-test.yaml").read_text()
    rules = yaml.safe_load((OPS / "prometheus-alerts.yaml").read_text())["groups"][0]["rules"]
    for rule in rules:
        for name in re.findall(r"patchbay_\w+", rule["expr"]):
            assert re.search(rf"series: '?{name}\b", tried), rule["alert"]


@pytest.mark.parametrize(
    "page", ["README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_every_link_of_the_docs_leads_somewhere(page):
    path = ROOT / page
    missing = [link for link in LINK.findall(path.read_text()) if not (path.parent / link).exists()]
    assert missing == []
