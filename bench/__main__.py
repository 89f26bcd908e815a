"""`python -m bench`: every figure of docs/performance.md at a small size, one after the other.

Each bench is a command of its own too (`python -m bench.callers --help`), with its full size.
"""

import subprocess
import sys

from bench.portal import say

SMALL = (
    ("callers", "--people", "10000", "--rounds", "1", "--seconds", "1"),
    ("many_people", "--few", "5000", "--many", "50000", "--rounds", "1", "--seconds", "1"),
    ("accepting", "--rounds", "1", "--seconds", "1"),
    ("delivering", "--calls", "2000"),
    ("delay", "--calls", "20"),
    ("killing", "--kills", "2"),
    ("many_entries", "--few", "10000", "--many", "100000", "--rounds", "1"),
)


def main() -> None:
    failed = []
    for name, *words in SMALL:
        say(f"\n=== python -m bench.{name} {' '.join(words)}")
        command = [sys.executable, "-m", f"bench.{name}", *words]
        if subprocess.run(command, check=False).returncode:  # noqa: S603
            failed.append(name)
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
