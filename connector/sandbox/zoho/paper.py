"""Fills the HTML files under html/; whatever is not marked as HTML is escaped."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent / "html"


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


@cache
def read_template(name: str) -> Template:
    return Template((FOLDER / f"{name}.html").read_text(encoding="utf-8"))


def fill(template: str, /, **values: object) -> Html:
    """One template with its values; a name that the template lacks or misses is an error."""
    safe = {key: v if isinstance(v, Html) else escape(str(v)) for key, v in values.items()}
    return Html(read_template(template).substitute(safe))


def join(parts: list[Html]) -> Html:
    return Html("".join(parts))


def make_page(title: str, content: Html, *, wide: bool = True) -> Html:
    style = Html((FOLDER / "style.css").read_text(encoding="utf-8"))
    width = "wide" if wide else "narrow"
    return fill("base", title=title, content=content, style=style, width=width)
