"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from config.orphans import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if os.environ.get("SUPERVISED"):  # set by `manage.py up`: this is a worker of its web server
    die_with_parent(parent=os.getppid())

application = get_wsgi_application()
