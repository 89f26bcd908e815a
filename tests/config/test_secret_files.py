"""The embedded default makes its secrets once."""

import subprocess
import sys
from pathlib import Path

from config.programs import run_manage
from config.secret_files import keep_secret, make_encryption_key, make_signing_key
from tests.support.environment import build_environment

SHOW = (
    "from django.conf import settings; print(settings.SECRET_KEY, settings.FIELD_ENCRYPTION_KEYS)"
)


def build_bare_environment(data_dir: Path) -> dict[str, str]:
    environment = build_environment(data_dir=data_dir)
    del environment["SECRET_KEY"], environment["FIELD_ENCRYPTION_KEYS"]
    return environment


def test_processes_that_start_at_once_get_the_same_secrets(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SHOW],
            env=build_bare_environment(tmp_path / "data"),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    answers = {process.communicate()[0] for process in processes}
    assert len(answers) == 1
    assert len(answers.pop()) > 90


def test_secrets_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    subprocess.run(run_manage("check"), env=build_bare_environment(tmp_path / "data"), check=True)
    directory = tmp_path / "data" / "secrets"
    assert oct(directory.stat().st_mode)[-3:] == "700"
    modes = {file.name: oct(file.stat().st_mode)[-3:] for file in directory.iterdir()}
    assert modes == {"secret_key": "600", "field_encryption_keys": "600"}


def test_a_secret_stays_as_it_was_made(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "key"
    first = keep_secret(path, make=make_signing_key)
    assert keep_secret(path, make=make_encryption_key) == first


def test_secrets_given_are_not_made(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    subprocess.run(run_manage("check"), env=build_environment(data_dir=data_dir), check=True)
    assert not (data_dir / "secrets").exists()
