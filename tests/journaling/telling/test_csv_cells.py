"""No text of a caller is a formula to whoever opens the table."""

import pytest

from journaling.telling.csv_cells import defuse


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_what_begins_like_a_formula_is_text(sign):
    assert defuse(f"{sign}cmd|'/c calc'!A1") == f"'{sign}cmd|'/c calc'!A1"


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        (" =1+1", " '=1+1"),
        ("\t=1+1", "\t'=1+1"),
        ("Nina\n=1+1", "Nina\n'=1+1"),
        ("Nina\r\n\n =1+1", "Nina\r\n\n '=1+1"),
        ("Nina;=1+1", "Nina;'=1+1"),
        ("Nina; =1+1", "Nina; '=1+1"),
        ("Nina,@SUM(A1)", "Nina,'@SUM(A1)"),
        ("=1;-2", "'=1;'-2"),
    ],
)
def test_a_formula_behind_a_blank_or_where_another_cell_may_begin_is_text(text, harmless):
    assert defuse(text) == harmless


@pytest.mark.parametrize(
    "text",
    [
        "+441632960011", "-3", "101", "", "Nina Newman", "A-Z + more", "1 - 2", "a@b.example",
        "Nina\n\nNewman", "Nina\r\nNewman",
    ],
)  # fmt: skip
def test_numbers_and_plain_words_stay_as_they_are(text):
    assert defuse(text) == text
