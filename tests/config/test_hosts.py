"""Under which names the portal answers."""

import pytest
from django.conf import settings
from django.test import Client


def test_another_host_name_gets_a_page_that_names_the_right_address() -> None:
    response = Client(headers={"host": "10.0.0.5:8000"}).get("/admin/")
    assert response.status_code == 400
    assert f'<a href="{settings.PUBLIC_URL}">' in response.content.decode()


@pytest.mark.django_db
def test_the_right_host_name_gets_the_portal() -> None:
    response = Client(headers={"host": "localhost:8000"}).get("/admin/login/")
    assert response.status_code == 200


def test_health_is_answered_under_every_name() -> None:
    response = Client(headers={"host": "10.0.0.5:8000"}).get("/healthz")
    assert response.status_code == 200


def test_health_is_not_redirected_to_https(settings: pytest.FixtureRequest) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client(headers={"host": "localhost"}).get("/healthz").status_code == 200


def test_pages_are_redirected_to_the_public_address_over_https(
    settings: pytest.FixtureRequest,
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_SSL_HOST = "portal.example"
    response = Client(headers={"host": "elsewhere.example"}).get("/admin/")
    assert response.status_code == 301
    assert response["Location"] == "https://portal.example/admin/"


def test_the_portal_itself_leads_to_the_admin() -> None:
    response = Client(headers={"host": "localhost"}).get("/")
    assert (response.status_code, response["Location"]) == (302, "/admin/")


@pytest.mark.django_db
def test_pages_allow_only_scripts_of_the_portal() -> None:
    response = Client(headers={"host": "localhost"}).get("/admin/login/")
    policy = response["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval';" in f"{policy};"
    assert "default-src 'self';" in f"{policy};"
