"""Texts that the rules were not written against: how well numbers are found in anything else."""

from collections import Counter
from pathlib import Path

from connector.clicktocall.packing import SOURCE

FIND = """rows => rows.map(([country, text]) =>
    PatchbayNumbers.find(text, {country}).map(({number}) => number))"""

WRITE = """["020 7946 0011", "+49 30 901820", "112"].flatMap((text) =>
    [["e164", ""], ["national", ""], ["outside", "9"]].map(([number_format, outside_prefix]) =>
        PatchbayNumbers.write(text, {country: "GB", number_format, outside_prefix})))"""
WRITTEN = [
    "+442079460011", "02079460011", "902079460011",
    "+4930901820", "004930901820", "9004930901820",
    "112", "112", "112",
]  # fmt: skip


def read_rows() -> list[list[str]]:
    text = Path(__file__).with_name("held_out_numbers.txt").read_text(encoding="utf-8")
    return [line.split("|") for line in text.splitlines() if not line.startswith("#")]


def test_numbers_of_other_countries_are_found_and_lookalikes_left_alone(browser):
    rows = read_rows()
    assert len(rows) >= 150
    page = browser.new_page()
    for name in ("vendor/libphonenumber-min.js", "numbers.js"):
        page.add_script_tag(path=SOURCE / name)
    assert page.evaluate("PatchbayNumbers.mayContain('Order 20261, 22.11.2026')") is False
    assert page.evaluate("typeof libphonenumber") == "undefined"
    found = page.evaluate(FIND, [row[:2] for row in rows])
    assert page.evaluate(WRITE) == WRITTEN
    page.close()
    wanted = Counter(
        (text, number) for _, text, numbers in rows for number in numbers.split(",") if number
    )
    marked = Counter(
        (row[1], number) for row, numbers in zip(rows, found, strict=True) for number in numbers
    )
    right = (wanted & marked).total()
    assert right / wanted.total() >= 0.95, wanted - marked
    assert right / marked.total() >= 0.98, marked - wanted
