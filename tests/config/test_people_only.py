"""A PBX that asks who is calling does not wait for what only people need."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/healthz", "/pbx/acme/lookup", "/pbx/acme/nothing", "/metrics"])
def test_machines_have_neither_session_nor_user(client: Client, path: str) -> None:
    asked = client.post(path, data={}, content_type="application/json").wsgi_request
    assert not hasattr(asked, "session")
    assert not hasattr(asked, "user")


@pytest.mark.parametrize("path", ["/admin/login/", "/callers/nothing"])
def test_people_have_both(client: Client, path: str) -> None:
    asked = client.get(path).wsgi_request
    assert asked.session is not None
    assert not asked.user.is_authenticated
