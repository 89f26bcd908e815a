"""What /readyz says to machines and people."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker(valkey, settings):
    settings.CELERY_BROKER_URL = valkey.url
    return valkey


def test_a_portal_with_database_and_broker_is_ready(broker):
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


def test_a_broker_that_is_away_is_named_with_what_to_do(broker):
    broker.kill()
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert checks["database"] == {"ok": True}
    assert "CELERY_BROKER_URL" in checks["broker"]["remedy"]


def test_a_database_that_is_away_is_named(broker):
    def refuse(*_args):
        raise OperationalError("the server is gone")

    with connection.execute_wrapper(refuse):
        answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"]["reason"] == "the server is gone"


def test_a_missing_migration_is_named(broker):
    [newest] = MigrationLoader(connection).graph.leaf_nodes("journaling")
    MigrationRecorder(connection).record_unapplied(*newest)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert ".".join(newest) in answer.json()["checks"]["migrations"]["reason"]


def test_strangers_learn_nothing():
    assert Client(REMOTE_ADDR="203.0.113.9").get("/readyz").status_code == 403
