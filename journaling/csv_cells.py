"""Cells of a CSV file that a spreadsheet opens."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Some spreadsheets read the wide forms of East Asian keyboards alike."""


def defuse(text: str) -> str:
    """A text that a spreadsheet would run as a formula; telephone numbers stay readable."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) and not text[1:].isdigit() else text
