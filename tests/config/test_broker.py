"""The embedded broker, and life without a broker."""

import os
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from config.valkey import LONGEST_SOCKET_PATH, find_socket, prepare_directory
from tests.support.valkey import Valkey, run_valkey


def test_a_publish_gives_up_while_the_broker_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:1/0")
    app = Celery("without-broker")
    app.config_from_object(settings, namespace="CELERY")
    with pytest.raises(OperationalError):
        app.send_task("journaling.tick")


def test_what_the_broker_holds_survives_kill(valkey: Valkey) -> None:
    client = valkey.connect()
    client.rpush("celery", "task")
    client.execute_command("WAITAOF", 1, 0, 5000)
    valkey.kill()
    valkey.start()
    assert valkey.connect().lrange("celery", 0, -1) == [b"task"]


def test_a_task_goes_through_the_embedded_broker(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", valkey.url)  # Celery prefers it to any setting
    app = Celery("with-broker")
    app.config_from_object(settings, namespace="CELERY")
    app.send_task("journaling.tick")
    assert valkey.connect().llen("celery") == 1


def test_a_long_data_dir_gets_a_short_socket(tmp_path: Path) -> None:
    data_dir = tmp_path / ("long-" * 30)
    data_dir.mkdir()
    assert len(str(find_socket(data_dir))) <= LONGEST_SOCKET_PATH
    with run_valkey(data_dir) as server:
        assert server.connect().ping()


def test_two_data_dirs_have_two_sockets(tmp_path: Path) -> None:
    long = "long-" * 30
    assert find_socket(tmp_path / long / "a") != find_socket(tmp_path / long / "b")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a link to somebody else")
def test_a_link_of_somebody_else_is_no_directory_of_ours(tmp_path: Path) -> None:
    ours, link = tmp_path / "ours", tmp_path / "link"
    ours.mkdir()
    link.symlink_to(ours)
    os.chown(link, 65534, 65534, follow_symlinks=False)
    with pytest.raises(SystemExit, match="another user"):
        prepare_directory(link)
