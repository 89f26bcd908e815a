"""However a number is written in Zoho and by the PBX, it is the same person's key."""

import phonenumbers
from hypothesis import given
from hypothesis import strategies as st

from connector.models import ZohoOrganisation
from connector.people.fields import describe_person
from connector.people.reading import Reading, reverse_digits
from connector.phone_texts import WHOLE
from connector.phones import NumberRules, read_number
from connector.sync.keys import draft_keys
from tests.connector.test_phones import EXAMPLES, print_number

ACME = ZohoOrganisation(zgid="20042000", name="Acme Ltd")


@given(
    example=st.sampled_from(EXAMPLES),
    stored=st.integers(0, 6),
    searched=st.integers(0, 6),
    beside=st.sampled_from(["", "; +44 1632 960999", "\n+49 30 23125000"]),
)
def test_any_format_finds_the_person_who_is_stored_in_any_other(
    example: tuple[str, phonenumbers.PhoneNumber], stored: int, searched: int, beside: str
) -> None:
    region, number = example
    texts = print_number(number, region=region)
    reading = Reading(NumberRules(country=region), "https://crm.zoho.eu")
    # Fewer than seven digits before a semicolon might be anything: nothing is split there.
    alone = len(phonenumbers.national_significant_number(number)) < WHOLE
    held = texts[stored] + ("" if alone else beside)
    row = {"id": "11", "Last_Name": "Lane", "Phone": held}
    person = describe_person(row, module="Contacts", organisation=ACME)
    keys = draft_keys(person, shown=person, readings=[reading], organisation=ACME)
    asked = read_number(texts[searched], reading.rules)
    assert asked.can_match
    found = [draft for draft in keys if draft[1] == asked.key]
    assert [tail for _reading, _key, tail, _answer in found] == [reverse_digits(asked.digits)]
