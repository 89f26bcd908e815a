"""Should have found: why a record of Zoho was not taken for a number."""

from django.utils.translation import gettext as _

from connector import directory
from connector.labels import find_label, find_organisation
from connector.live import match_person
from connector.models import Connection
from connector.people import Person
from connector.phones import read_number
from connector.zoho.client import ZohoClient
from journaling.models import Entry


def explain(
    client: ZohoClient, *, connection: Connection, number: str, module: str, zoho_id: str,
    taken: Entry,
) -> str:  # fmt: skip
    """One sentence about the record that somebody expected. Raises ZohoError."""
    person = directory.read_person(client, connection=connection, module=module, zoho_id=zoho_id)
    if person is None:
        return _("This organisation has no such record, or the connected user may not see it.")
    if (taken.card_module, taken.card_zoho_id) == (person.module, person.zoho_id):
        return _("%s is the record that is taken.") % person.name
    wanted = read_number(number, connection.number_rules)
    if not wanted.can_match:
        return _("“%s” is no number that can be searched for.") % number
    if not person.phones:
        return _("%s has no number in Zoho: fill Phone or Mobile there.") % person.name
    if match_person(person, wanted, connection=connection):
        return _(
            "%(name)s has this number as well, but %(other)s comes first by the order of modules."
        ) % {"name": person.name, "other": taken.person or _("another record")}
    return explain_difference(person, key=wanted.key, connection=connection)


def explain_difference(person: Person, *, key: str, connection: Connection) -> str:
    held = ", ".join(
        describe_phone(person, name, text, connection=connection)
        for name, text in person.phones.items()
    )
    return _(
        "The number was read as %(key)s, but %(name)s holds %(held)s. Correct the number in Zoho, "
        "or the country and area code under “Caller matching”."
    ) % {"key": key, "name": person.name, "held": held}


def describe_phone(person: Person, name: str, text: str, *, connection: Connection) -> str:
    label = find_label(find_organisation(connection), module=person.module, field=name)
    return f"{label or name}: {text} → {read_number(text, connection.number_rules).key or '–'}"
