"""Should have found: why a record of Zoho was not taken for a number."""

from django.utils.translation import gettext as _

from connector import directory
from connector.labels import find_label, find_organisation
from connector.models import Connection
from connector.people import mirror
from connector.people.live import Match, match_person
from connector.people.person import Person
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
    hiding = directory.find_what_hides(client, connection=connection, person=person)
    if hiding:
        return _("%(name)s is hidden by “Records that nobody finds”: %(line)s") % {
            "name": person.name, "line": hiding,
        }  # fmt: skip
    wanted = read_number(number, connection.number_rules)
    if not wanted.can_match:
        return _("“%s” is no number that can be searched for.") % number
    if not person.phones:
        return _("%s has no number in Zoho: fill Phone or Mobile there.") % person.name
    held = match_person(person, wanted, connection=connection)
    if not held:
        return explain_difference(person, key=wanted.key, connection=connection)
    if not taken.card_zoho_id:
        return explain_nobody(person, taken=taken)
    other = directory.read_person(
        client, connection=connection, module=taken.card_module, zoho_id=taken.card_zoho_id
    )
    won = match_person(other, wanted, connection=connection) if other else None
    return explain_order(held, won, taken=taken, connection=connection)


def explain_nobody(person: Person, *, taken: Entry) -> str:
    if taken.reason:
        return _("Nobody was looked for: the settings keep this call or chat out.")
    return (
        _("%s has this number in Zoho, but is not found yet: what changes there is read soon.")
        % person.name
    )


def explain_order(held: Match, won: Match | None, *, taken: Entry, connection: Connection) -> str:
    """Why `won` came before `held`, in the order in which the search decides."""
    if won is None or not any(row["code"] == "card_taken" for row in taken.trace):
        words = _("%(name)s has this number as well, but the call or chat named %(other)s.")
    elif won.is_exact and not held.is_exact:
        words = _(
            "Of the number of %(name)s only the last digits agree; %(other)s has exactly this one."
        )
    elif won.person.module != held.person.module:
        words = _(
            "%(name)s has this number as well, but %(other)s comes first by the order of modules."
        )
    elif mirror.is_current(connection):
        words = _(
            "%(name)s has this number as well, in the same module: who was spoken with last comes "
            "first, else who was last active in Zoho. That is %(other)s."
        )
    else:
        words = _(
            "%(name)s has this number as well, in the same module, and Zoho named %(other)s first. "
            "Who was spoken with last decides once everybody is read from Zoho."
        )
    return words % {"name": held.person.name, "other": taken.person or _("another record")}


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
