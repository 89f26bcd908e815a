"""Makes the files that Django reads translations from; gettext's own programs are not needed."""

import os
from pathlib import Path

import polib


def compile_translations(directory: Path) -> None:
    """Write each `.mo` that is missing or older than its `.po`; safe when several do it at once."""
    for source in directory.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
