"""Cells of a CSV file that a spreadsheet opens."""

import re

FORMULA = re.compile(r"(^|[;,\t\r\n])([^\S\t\r\n]*)(?=[=+\-@＝＋－＠])")
"""A spreadsheet takes what begins so for a formula, and where semicolons part cells also what
follows one of them. Some read the wide forms of East Asian keyboards alike."""
NUMBER = re.compile(r"[+-]?\d*")


def defuse(text: str) -> str:
    """A text that a spreadsheet would run as a formula; telephone numbers stay readable."""
    return text if NUMBER.fullmatch(text) else FORMULA.sub(r"\1\2'", text)
