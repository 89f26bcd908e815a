"""What pages say: no words of the code, and in Russian no English sentence of ours."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import translation

from tests.access.rules import EVERYWHERE, RULES
from tests.access.test_permissions import send
from tests.access.world import build_rows, log_in
from tests.support.catalogue import find_english, read_text

pytestmark = pytest.mark.django_db

PAGES = [(name, rule) for name, rules in RULES.items() for rule in rules if rule.method == "get"]
CODE_WORDS = re.compile(
    r"\b(entry|entries|events?|parked|settling|mirror|cards?|unknown outcome|what-if|"
    r"claimed?|lease|knocks?|relink\w*|follower|payload)\b",
    re.IGNORECASE,
)
OTHERS = re.compile(r"\[\w+\]|\blog entr(y|ies)\b", re.IGNORECASE)
"""Variables of 3CX's texts, and what the history's library calls its rows."""


@pytest.fixture(autouse=True)
def _nothing_outside(settings):
    settings.SANDBOX_ZOHO_URL = "http://127.0.0.1:1"
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"


def open_all(language: str) -> Iterator[tuple[str, str]]:
    """Each page of the portal with rows of every kind on it."""
    rows = build_rows("demo")
    client = log_in(EVERYWHERE, connection=rows.connection, reads_texts=True)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    for name, rule in PAGES:
        with translation.override("en"):  # a request leaves its language behind
            answer = send(client, name, rule, rows)
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            yield name, answer.content.decode()


def test_the_browser_chooses_the_language_and_the_persons_menu_another(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru-RU,ru;q=0.9,en;q=0.5"
    page = admin_client.get("/admin/").content.decode()
    assert '<html lang="ru"' in page
    assert f'action="{reverse("set_language")}"' in page
    admin_client.post(reverse("set_language"), {"language": "en", "next": "/admin/"})
    assert '<html lang="en"' in admin_client.get("/admin/").content.decode()


def test_words_of_the_code_do_not_appear_on_pages():
    found = {}
    for name, page in open_all("en"):
        text = OTHERS.sub("", read_text(page))
        if words := sorted({match[0].casefold() for match in CODE_WORDS.finditer(text)}):
            found[name] = words
    assert found == {}


def test_no_english_sentence_of_ours_stands_on_a_russian_page():
    pages = dict(open_all("ru"))
    assert len(pages) > 40
    assert {name: words for name, page in pages.items() if (words := find_english(page))} == {}
