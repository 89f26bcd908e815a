"""`manage.py up` starts everything, stops everything and leaves nothing behind."""

import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from config.addresses import find_free_port
from config.programs import run_manage
from tests.support.environment import build_environment
from tests.support.portal import DATABASE_FILE
from tests.support.processes import Running, start_process, wait_until

READY = "Stop it  Ctrl-C"
Start = Callable[..., Running]


@pytest.fixture
def port() -> int:
    return find_free_port("127.0.0.1")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def start_up(tmp_path: Path, data_dir: Path, port: int) -> Iterator[Start]:
    """Start `up` on the embedded database and broker, without the sandbox."""
    environment = build_environment(data_dir=data_dir, PORT=str(port), SANDBOX="0")
    started: list[Running] = []

    def start(*, name: str = "up", wait: bool = True, shell: bool = False) -> Running:
        command = run_manage("up")
        if shell:
            command = ["sh", "-c", f"{' '.join(command)} --parent $$; true"]
        running = start_process(command, environment=environment, log=tmp_path / f"{name}.log")
        started.append(running)
        if wait:
            wait_until(lambda: READY in running.read_log(), what=f"{READY!r}")
        return running

    yield start
    for running in started:
        running.kill()
    for process in list_processes(data_dir):
        os.kill(process, signal.SIGKILL)


@pytest.fixture
def start_again(start_up: Start, data_dir: Path, migrated_file: Path) -> Start:
    """The same where the database has its tables, which a first start takes longest to make."""
    data_dir.mkdir()
    shutil.copy(migrated_file, data_dir / DATABASE_FILE)
    return start_up


def list_processes(data_dir: Path) -> list[int]:
    """Return the processes of this DATA_DIR: in their environment, or they work in it (Valkey)."""
    mark = f"DATA_DIR={data_dir}\0".encode()
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (
                mark in (entry / "environ").read_bytes()
                or (entry / "cwd").readlink().is_relative_to(data_dir)
            ):
                found.append(int(entry.name))
        except OSError:  # ended meanwhile
            continue
    return found


def find_processes(data_dir: Path, word: str) -> list[int]:
    def read_command(process: int) -> str:
        try:
            return Path(f"/proc/{process}/cmdline").read_text()
        except OSError:
            return ""

    return [one for one in list_processes(data_dir) if word in read_command(one)]


def test_up_serves_names_the_login_and_stops_at_ctrl_c(
    start_up: Start, data_dir: Path, port: int
) -> None:
    up = start_up()
    assert requests.get(f"http://localhost:{port}/healthz", timeout=10).ok
    log = up.read_log()
    assert f"Portal   http://localhost:{port}/admin/" in log
    assert "Alarms   stay on the page: EMAIL_URL names no mail server" in log
    password = log.split("Password ")[1].split()[0]
    assert can_log_in(f"http://localhost:{port}", password=password)
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(timeout=60) == 0
    assert list_processes(data_dir) == []


def test_a_second_start_goes_on_and_shows_no_password(start_again: Start, port: int) -> None:
    first = start_again(name="first")
    password = first.read_log().split("Password ")[1].split()[0]
    first.stop(seconds=60)
    second = start_again(name="second")
    assert "Password" not in second.read_log()
    assert can_log_in(f"http://localhost:{port}", password=password)


def test_up_says_so_when_its_data_dir_is_in_use(start_again: Start) -> None:
    running = start_again()
    second = start_again(name="second", wait=False)
    assert second.process.wait(timeout=60) == 1
    [line] = second.read_log().splitlines()
    assert f"is in use by a portal that runs already (process {running.process.pid})" in line


def test_up_says_so_when_its_port_is_taken(start_again: Start, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        up = start_again(wait=False)
        assert up.process.wait(timeout=60) == 1
    [line] = up.read_log().splitlines()
    assert f"PORT {port} is taken by another program" in line


def test_nothing_is_left_when_up_is_killed(start_again: Start, data_dir: Path) -> None:
    up = start_again()
    assert len(list_processes(data_dir)) > 5
    up.process.kill()
    wait_until(lambda: list_processes(data_dir) == [], what="the end of all processes")


def test_up_ends_with_the_process_that_started_it(start_again: Start, data_dir: Path) -> None:
    shell = start_again(shell=True)
    shell.process.kill()
    wait_until(lambda: list_processes(data_dir) == [], what="the end of all processes")
    assert "Stopped" in shell.read_log()


def test_what_dies_is_started_again(start_again: Start, data_dir: Path) -> None:
    up = start_again()
    [beat] = find_processes(data_dir, "beat\0")
    os.kill(beat, signal.SIGKILL)
    wait_until(lambda: find_processes(data_dir, "beat\0") not in ([], [beat]), what="another beat")
    assert "beat    | ended (code -9); starts again in" in up.read_log()


def test_a_second_ctrl_c_kills(start_again: Start, data_dir: Path) -> None:
    up = start_again()
    [broker] = find_processes(data_dir, "valkey-server")
    os.kill(broker, signal.SIGSTOP)  # it cannot stop by itself any more
    up.process.send_signal(signal.SIGINT)
    wait_until(lambda: "Stopping" in up.read_log(), what="'Stopping'")
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(timeout=60) == 128 + signal.SIGINT
    wait_until(lambda: list_processes(data_dir) == [], what="the end of all processes")


def can_log_in(url: str, *, password: str) -> bool:
    with requests.Session() as browser:
        browser.get(f"{url}/admin/login/", timeout=10)
        answer = browser.post(
            f"{url}/admin/login/?next=/healthz",
            data={
                "username": "admin",
                "password": password,
                "csrfmiddlewaretoken": browser.cookies["csrftoken"],
            },
            headers={"Referer": url},
            timeout=10,
        )
    return answer.text == "ok\n"
