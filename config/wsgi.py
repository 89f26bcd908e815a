"""WSGI entry point."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.background import start_background
from config.chunked import ChunkedBodies
from config.orphans import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if os.environ.get("SUPERVISED"):  # set by `manage.py up`: this is a worker of its web server
    die_with_parent(parent=os.getppid())

application = ChunkedBodies(get_wsgi_application(), limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
start_background({"connector.tallies.flush": 5})
