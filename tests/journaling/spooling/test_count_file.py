"""The file of a process that lives is never taken for one that was left."""

import fcntl

from journaling.spooling.count_file import CountFile, list_left


def test_nobody_takes_a_file_that_is_just_being_made(settings, tmp_path, monkeypatch):
    """Another process looks at the moment before the lock is held."""
    settings.DATA_DIR = tmp_path
    lock = fcntl.flock
    seen: list[dict[int, int]] = []

    def look_first(file: int, operation: int) -> None:
        if operation == fcntl.LOCK_EX:
            seen.extend(list_left())
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", look_first)
    mine = CountFile()
    mine.prepare()
    mine.write({7: 3})
    assert seen == []
    [file] = (tmp_path / "spool").iterdir()
    assert file.suffix == ".refused"
    assert list(list_left()) == [{}]
    assert mine.file
    mine.file.close()
    assert list(list_left()) == [{7: 3}]
    assert not file.exists()
