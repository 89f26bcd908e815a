"""Nothing is cut silently, and nothing hostile goes out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journaling.texts.fitting import (
    NOTE_LIMIT,
    clean_text,
    cut,
    fit_line,
    fit_text,
    make_followers,
    measure,
)

TEXTS = st.text(alphabet=st.sampled_from("a б\n👋é"), max_size=400)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\0b\x07c\x7f\x85", "abc"),
        ("lone \ud800 half", "lone  half"),
        ("one\r\ntwo\rthree\tfour", "one\ntwo\nthree\tfour"),
        ("👋 <b>&amp;", "👋 <b>&amp;"),
    ],
)
def test_control_characters_and_half_characters_go(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(TEXTS, st.integers(0, 450))
def test_a_cut_is_the_longest_beginning_that_fits(text: str, size: int) -> None:
    head = cut(text, size)
    assert text.startswith(head)
    assert measure(head) <= size
    assert head == text or measure(text[: len(head) + 1]) > size


@given(TEXTS, st.integers(100, 300), st.sampled_from(["", "ref pb-1"]))
def test_a_text_fits_with_its_last_line_or_follows_as_a_whole(
    text: str, limit: int, last_line: str
) -> None:
    fitted = fit_text(text, limit=limit, field="F", language="ru", last_line=last_line)
    assert measure(fitted.text) <= limit
    assert fitted.text.endswith(last_line)
    if fitted.overflow:
        assert "".join(part.content for part in fitted.overflow) == text.strip()
    else:
        assert fitted.text == (text.strip() + "\n" * bool(text.strip() and last_line) + last_line)


@given(TEXTS, st.integers(2, 300))
def test_a_line_fits_or_follows_as_a_whole(text: str, limit: int) -> None:
    fitted = fit_line(text, limit=limit, field="F", language="en")
    assert measure(fitted.text) <= limit
    assert "\n" not in fitted.text
    whole = fitted.overflow[0].content if fitted.overflow else fitted.text
    assert whole == " ".join(text.split())
    assert fitted.text.endswith("…") == bool(fitted.overflow)


@pytest.mark.parametrize(
    "line", ["short line\n", "x" * 70_000, "👋" * 1_000 + "\n", "ж" * 400 + "\n"]
)
@pytest.mark.parametrize("size", [NOTE_LIMIT, NOTE_LIMIT + 1, 2 * NOTE_LIMIT - 500, 3 * NOTE_LIMIT])
def test_notes_hold_the_whole_text_and_a_file_holds_more(line: str, size: int) -> None:
    text = cut(line * (size // measure(line) + 1), size)
    parts = make_followers(text, field="Description", language="en")
    assert "".join(part.content for part in parts) == text
    assert len(parts) == 1 or {part.kind for part in parts} == {"note"}
    assert all(measure(part.content) <= NOTE_LIMIT for part in parts if part.kind == "note")
    assert (parts[0].kind == "attachment") == (size == 3 * NOTE_LIMIT)
    assert len({part.title for part in parts}) == len(parts)
    assert all(len(part.title) <= 120 and "/" not in part.title for part in parts)
