"""The address that the PBX, browsers and Zoho use, asked from here."""

from collections.abc import Iterator
from http import HTTPStatus

import requests
from django.conf import settings

from journaling.doctor.verdicts import Verdict, judge
from journaling.setup.live_checks import OWN_SECONDS, check_own_address

LOGIN = "/admin/login/"
WRONG_HOST = (
    "it refuses its own name: let the proxy pass the Host header on, or name the host in"
    " ALLOWED_HOSTS"
)
WRONG_SCHEME = (
    "it leads back to itself: let the proxy set X-Forwarded-Proto, and set TRUSTED_PROXIES to the"
    " number of proxies"
)


def check_address() -> Iterator[Verdict]:
    own = check_own_address()
    yield judge(
        "address",
        trouble="" if own.is_good else own.sentence,
        remedy="Start the web server and the proxy, or correct PUBLIC_URL; if only this machine"
        " cannot reach that name, ask from outside",
        fine=own.sentence,
    )
    if own.is_good:
        yield judge(
            "hosts",
            trouble=find_host_trouble(),
            remedy="See the examples for nginx and Caddy in docs/deploy.md",
            fine=f"{settings.PUBLIC_URL}{LOGIN} opens",
        )


def find_host_trouble() -> str:
    """People, unlike machines, are served under known names and by https only."""
    try:
        answer = requests.get(
            settings.PUBLIC_URL + LOGIN, timeout=OWN_SECONDS, allow_redirects=False
        )
    except requests.RequestException as error:
        return f"{LOGIN} does not answer: {error}"
    if answer.status_code == HTTPStatus.OK:
        return ""
    if answer.status_code == HTTPStatus.BAD_REQUEST:
        return WRONG_HOST
    if answer.is_redirect:
        return f"{WRONG_SCHEME} (it leads to {answer.headers.get('Location')})"
    return f"{LOGIN} answers {answer.status_code} instead of 200"
