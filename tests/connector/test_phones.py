"""Whatever way a number is written, it is the same number; and what is none never matches."""

import csv
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from connector.phone_texts import keep_digits
from connector.phones import (
    NumberKind,
    NumberRules,
    contains_number,
    have_equal_numbers,
    mask_number,
    read_number,
    split_numbers,
)
from connector.plain_numbers import read_plain

GB = NumberRules(country="GB")
US = NumberRules(country="US")
DE = NumberRules(country="DE")

with (Path(__file__).parent / "number_spellings.csv").open(encoding="utf-8", newline="") as table:
    SPELLINGS = [tuple(row.values()) for row in csv.DictReader(table)]

TYPES = [
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.VOIP,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.PAGER,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
]


def list_examples() -> list[tuple[str, phonenumbers.PhoneNumber]]:
    """Every valid example number, but those as short as an extension, and Canada's 310-1234,
    which is valid without being possible."""
    found = [
        (region, phonenumbers.example_number_for_type(region, kind))
        for region in sorted(phonenumbers.SUPPORTED_REGIONS)
        for kind in TYPES
    ]
    return [
        (region, number)
        for region, number in found
        if number
        and phonenumbers.is_valid_number(number)
        and phonenumbers.is_possible_number(number)
        and len(phonenumbers.national_significant_number(number)) > 4
        and (region, number.national_number) != ("CA", 3101234)
    ]


EXAMPLES = list_examples()
FORMATS = [
    PhoneNumberFormat.E164,
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.NATIONAL,
    PhoneNumberFormat.RFC3966,
]


def print_number(number: phonenumbers.PhoneNumber, *, region: str) -> list[str]:
    printed = [phonenumbers.format_number(number, style) for style in FORMATS]
    return [
        *printed,
        phonenumbers.format_out_of_country_calling_number(number, region),
        phonenumbers.format_number_for_mobile_dialing(number, region, True) or printed[0],
        phonenumbers.format_number_for_mobile_dialing(number, region, False) or printed[0],
        "00" + printed[0][1:],
        printed[0][1:],
    ]


def test_the_table_is_wide_enough() -> None:
    assert len(SPELLINGS) >= 300
    assert len({country for country, _, _ in SPELLINGS}) >= 30
    assert len({region for region, _ in EXAMPLES}) >= 60


@pytest.mark.parametrize(("country", "written", "e164"), SPELLINGS)
def test_every_spelling_is_understood(country: str, written: str, e164: str) -> None:
    number = read_number(written, NumberRules(country=country))
    assert (number.e164, number.kind) == (e164, NumberKind.REAL)
    assert split_numbers(written) == (written.strip(),)


def test_every_printed_example_is_read_back() -> None:
    wrong = [
        (region, text)
        for region, number in EXAMPLES
        for text in print_number(number, region=region)
        if read_number(text, NumberRules(country=region)).e164
        != phonenumbers.format_number(number, PhoneNumberFormat.E164)
    ]
    assert wrong == []


@given(
    example=st.sampled_from(EXAMPLES),
    style=st.integers(0, 6),
    blank=st.sampled_from([" ", "\u00a0", "\u202f", "\u2009", "  ", "\u3000"]),
    dash=st.sampled_from(["-", "‐", "‑", "–", "—", "−", "－", "."]),
    before=st.sampled_from(["", " ", "Tel. ", "тел.: ", "\u202a", "'", "("]),
    after=st.sampled_from(["", " ", " x12", " ext. 12", ";ext=12", "#12", " доб. 12", " (Büro)"]),
    wide=st.booleans(),
)
def test_any_printed_format_is_read_back_in_any_dress(
    example: tuple[str, phonenumbers.PhoneNumber],
    style: int,
    blank: str,
    dash: str,
    before: str,
    after: str,
    wide: bool,
) -> None:
    region, number = example
    text = print_number(number, region=region)[style].replace("-", dash).replace(" ", blank)
    if wide:
        text = "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in text)
    if len(phonenumbers.national_significant_number(number)) < 6:
        after = ""
    read = read_number(before + text + after, NumberRules(country=region))
    assert read.e164 == phonenumbers.format_number(number, PhoneNumberFormat.E164)


@given(
    example=st.sampled_from(EXAMPLES),
    region=st.sampled_from(["AU", "BR", "DE", "GB", "IL", "IN", "JP", "RU", "SG", "US"]),
)
def test_a_number_dialled_from_abroad_is_read_back(
    example: tuple[str, phonenumbers.PhoneNumber], region: str
) -> None:
    text = phonenumbers.format_out_of_country_calling_number(example[1], region)
    read = read_number(text, NumberRules(country=region))
    assert read.e164 == phonenumbers.format_number(example[1], PhoneNumberFormat.E164)


@given(st.text(), st.sampled_from(["GB", "US", "RU", "XX", ""]))
def test_any_text_is_read_without_an_error(text: str, country: str) -> None:
    number = read_number(text, NumberRules(country=country))
    assert number.raw == text
    assert have_equal_numbers(number, number) == number.can_match
    assert keep_digits("".join(split_numbers(text))) == keep_digits(text)
    mask_number(text)


@pytest.mark.parametrize("text", ["anonymous", " Anonymous ", "PRIVATE", "unknown", "", "  "])
def test_a_withheld_number_never_matches(text: str) -> None:
    number = read_number(text, GB)
    assert number.kind is NumberKind.WITHHELD
    assert not have_equal_numbers(number, number, last_digits=6)


def test_a_number_that_the_carrier_sends_for_nobody_is_withheld() -> None:
    rules = NumberRules(country="GB", withheld=("anonymous", "0000000000", "+266696687"))
    for text in ("0000000000", "000-000-0000", "+266696687"):
        assert read_number(text, rules).kind is NumberKind.WITHHELD


@pytest.mark.parametrize("text", ["101", "1001", "ext. 101", "x101", "112", "１０１"])
def test_an_internal_number_never_matches(text: str) -> None:
    number = read_number(text, GB)
    assert number.kind is NumberKind.INTERNAL
    assert not have_equal_numbers(number, number, last_digits=6)


def test_extensions_may_be_longer_than_usual() -> None:
    assert read_number("10001", GB).kind is not NumberKind.INTERNAL
    wide = NumberRules(country="GB", internal_digits=5)
    assert read_number("10001", wide).kind is NumberKind.INTERNAL


@pytest.mark.parametrize("text", ["n/a", "none", "+", "12345", "+12345", "000000000", "1111111"])
def test_what_is_no_number_never_matches(text: str) -> None:
    number = read_number(text, GB)
    assert not have_equal_numbers(number, number, last_digits=6)


def test_test_ranges_are_real_numbers() -> None:
    assert read_number("+44 1632 960999", US).e164 == "+441632960999"
    assert read_number("01632 960999", GB).e164 == "+441632960999"
    assert read_number("+1 555 010 0199", GB).e164 == "+15550100199"
    assert read_number("(555) 010-0199", US).e164 == "+15550100199"


def test_a_national_reading_wins_over_a_wrong_international_one() -> None:
    assert read_number("020 7946 0123", GB).e164 == "+442079460123"
    # No such area in Britain, and +45 32 12 34 56 is a Dane; the 0 says which one is meant.
    assert read_number("04532 123456", GB).e164 == "+444532123456"
    assert read_number("4532123456", GB).e164 == "+4532123456"
    assert read_number("089 123456", DE).e164 == "+4989123456"


def test_a_foreign_number_without_a_plus_is_understood() -> None:
    assert read_number("33199001234", GB).e164 == "+33199001234"
    assert read_number("74951234567", DE).e164 == "+74951234567"


def test_an_area_code_completes_local_numbers_only() -> None:
    for area_code in ("20", "020"):
        rules = NumberRules(country="GB", area_code=area_code)
        assert read_number("7946 0123", rules).e164 == "+442079460123"
        assert read_number("01632 960999", rules).e164 == "+441632960999"
        assert read_number("+44 1632 960999", rules).e164 == "+441632960999"
    berlin = NumberRules(country="DE", area_code="30")
    assert read_number("23125123", berlin).e164 == "+493023125123"
    assert read_number("4915123456789", berlin).e164 == "+4915123456789"
    moscow = NumberRules(country="RU", area_code="495")
    assert read_number("812-34-56", moscow).e164 == "+74958123456"
    assert read_number("8 916 123-45-67", moscow).e164 == "+79161234567"


def test_an_outside_prefix_is_taken_off() -> None:
    rules = NumberRules(country="US", area_code="212", outside_prefixes=("9", ""))
    assert read_number("92125550123", rules).e164 == "+12125550123"
    assert read_number("912125550123", rules).e164 == "+12125550123"
    assert read_number("95550123", rules).e164 == "+12125550123"
    assert read_number("9011442079460123", rules).e164 == "+442079460123"
    assert read_number("+442079460123", rules).e164 == "+442079460123"
    german = NumberRules(country="DE", outside_prefixes=("0",))
    assert read_number("0030 23125123", german).e164 == "+493023125123"
    assert read_number("001712345678", german).e164 == "+491712345678"
    assert read_number("000442079460123", german).e164 == "+442079460123"


@pytest.mark.parametrize("start", ["+{code}", "+{code}0", "00{code}", "0", "+", ""])
def test_what_is_read_without_the_parser_is_read_as_the_parser_reads_it(start: str) -> None:
    compared = 0
    for country, number in EXAMPLES:
        national = phonenumbers.national_significant_number(number)
        for digits in (national, national[:-1], national[1:], national + "7"):
            written = start.format(code=number.country_code) + digits
            if plain := read_plain(written, country):
                parsed = phonenumbers.parse(written, country)
                assert phonenumbers.is_possible_number(parsed)
                assert plain == phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
                compared += 1
    assert compared > 500 or start in ("+", "")


def test_an_unreadable_number_matches_by_last_digits_only_when_asked() -> None:
    stored, sent = read_number("5550123", GB), read_number("+12125550123", GB)
    assert stored.kind is NumberKind.UNREADABLE
    assert not have_equal_numbers(stored, sent)
    assert have_equal_numbers(stored, sent, last_digits=7)
    assert not have_equal_numbers(stored, sent, last_digits=9)
    assert have_equal_numbers(stored, read_number("555-0123", GB))


def test_fewer_last_digits_than_six_are_never_compared() -> None:
    first, second = read_number("+442079460123", GB), read_number("+442079990123", GB)
    assert not have_equal_numbers(first, second, last_digits=4)


@pytest.mark.parametrize(
    ("field", "numbers"),
    [
        ("030 1234567 / 0171 2345678", ["030 1234567", "0171 2345678"]),
        ("030/1234567", ["030/1234567"]),
        ("02/555.01.23", ["02/555.01.23"]),
        ("+49 33203/12345", ["+49 33203/12345"]),
        ("020 7946 0123; 07700 900123", ["020 7946 0123", "07700 900123"]),
        ("020 7946 0123, 07700 900123", ["020 7946 0123", "07700 900123"]),
        ("020 7946 0123, ext. 12", ["020 7946 0123, ext. 12"]),
        ("tel:+442079460123;ext=12", ["tel:+442079460123;ext=12"]),
        ("020 7946 0123 or 07700 900123", ["020 7946 0123", "07700 900123"]),
        ("8 495 123-45-67 или 8 916 123-45-67", ["8 495 123-45-67", "8 916 123-45-67"]),
        ("+44 20 7946 0123 +44 7700 900123", ["+44 20 7946 0123", "+44 7700 900123"]),
        ("020 7946 0123\nfax 020 7946 0124", ["020 7946 0123", "fax 020 7946 0124"]),
        ("(212) 555-0123 | (212) 555-0124", ["(212) 555-0123", "(212) 555-0124"]),
        ("+1 212 555 0123/+1 212 555 0124", ["+1 212 555 0123", "+1 212 555 0124"]),
        ("", []),
        (" ; ", [";"]),
    ],
)
def test_a_field_is_split_into_its_numbers(field: str, numbers: list[str]) -> None:
    assert list(split_numbers(field)) == numbers


def test_a_number_is_found_in_any_field() -> None:
    number = read_number("+4917123456789", DE)
    assert contains_number(["", "030 1234567 / 0171 23456789"], number, DE)
    assert not contains_number(["030 1234567", "n/a"], number, DE)
    assert not contains_number(["101"], read_number("101", DE), DE)


def test_logs_show_three_digits() -> None:
    assert mask_number("+44 20 7946 0123") == "…123"
    assert mask_number("１２３４５") == "…345"
    assert mask_number("101") == mask_number("anonymous") == "…"


def test_a_row_of_signs_without_end_is_no_number_and_is_not_read_to_its_end():
    for sign in "+(":
        number = read_number(sign * 250 + "441632960011", NumberRules(country="GB"))
        assert (number.kind is NumberKind.REAL, number.digits) == (False, "")
