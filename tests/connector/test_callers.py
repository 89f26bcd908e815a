"""Who counts as asking from this machine."""

import pytest

from connector.callers import is_local

FOR, PROTO = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"


@pytest.mark.parametrize(
    ("proxies", "told", "local"),
    [
        (0, {}, True),
        (1, {}, True),
        (1, {FOR: "127.0.0.1", PROTO: "https"}, True),
        (1, {FOR: "203.0.113.7", PROTO: "https"}, False),
        (1, {FOR: "127.0.0.1, 203.0.113.7"}, False),
        (1, {PROTO: "https"}, False),
        (0, {FOR: "127.0.0.1"}, False),
        (0, {PROTO: "https"}, False),
    ],
)
def test_what_a_proxy_passes_on_is_local_only_where_it_says_so(rf, settings, proxies, told, local):
    settings.TRUSTED_PROXIES = proxies
    assert is_local(rf.get("/metrics", REMOTE_ADDR="127.0.0.1", **told)) is local
