"""The portal's settings with two views beside it, to be measured against."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
# The benches ask as often as they can.
LOOKUPS_PER_SECOND = 0
