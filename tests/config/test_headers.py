"""What browsers are told about every page."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["/admin/login/", "/dial", "/healthz"])
def test_every_answer_carries_the_policies(client, page):
    headers = client.get(page).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_a_pbx_gets_no_policy_for_pages(client):
    assert "Content-Security-Policy" not in client.post("/pbx/acme/lookup").headers
