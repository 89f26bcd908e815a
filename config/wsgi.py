"""WSGI entry point."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from config.background import start_background
from config.chunked import ChunkedBodies
from config.orphans import die_with_parent
from config.programs import WEB_THREADS
from config.readiness_notice import tell_systemd
from config.slow_bodies import SlowBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if os.environ.get("SUPERVISED"):  # set by `manage.py up`: this is a worker of its web server
    die_with_parent(parent=os.getppid())

portal = ChunkedBodies(get_wsgi_application(), limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
application = SlowBodies(portal, places=WEB_THREADS - 2)
# Before the first request: the database may be away.
import_string("connector.known_keys.recall_keys")()
start_background(
    {
        "connector.counting.tallies.flush": 5,
        "connector.credits.flush": 5,
        "journaling.operating.machines.note_web": 10,
        "connector.known_keys.remember_keys": 30,
        "journaling.spooling.keeping.tidy": 2,
        "journaling.alarms.watching.watch_if_nobody_does": 60,
    }
)
tell_systemd()
