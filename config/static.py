"""Static files: compressed and under names that change with their content, once collected."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedFilesStorage(CompressedManifestStaticFilesStorage):
    """Before `collectstatic` has run, as in tests, files go by their plain names."""

    manifest_strict = False

    def url(self, name: str | None, force: bool = False) -> str:
        if self.hashed_files:
            return str(super().url(name, force))
        return str(StaticFilesStorage.url(self, name))


def collect_static_files() -> None:
    """Run `collectstatic`, which takes seconds, only where a file has changed since."""
    mark = Path(settings.STATIC_ROOT) / ".collected"
    digest = digest_static_files()
    if mark.exists() and mark.read_text() == digest:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(digest)


def digest_static_files() -> str:
    """Return a digest of all files' names, sizes and times."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
