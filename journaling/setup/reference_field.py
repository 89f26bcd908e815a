"""The field by which Zoho itself refuses a second record: made on request, known at once."""

from connector.granting.grants import load_grant, open_client
from connector.models import Connection
from connector.organisations import read_metadata, store_metadata
from connector.zoho.new_fields import make_unique_text

MODULES = ("Calls", "Tasks")


def list_missing(connection: Connection) -> list[str]:
    """The modules whose records Zoho would not refuse a second time. Asks nobody."""
    known = load_grant(connection.pk).organisation.fields
    name = connection.reference_field
    return [module for module in MODULES if not known.get(module, {}).get(name, {}).get("unique")]


def make_reference_field(connection: Connection) -> list[str]:
    """Make the field where it is missing; returns the modules that still lack it.

    Those hold a field of this name that is not unique: a person has to rename it, or name another.
    Raises ZohoError. Talks to Zoho: call it outside a transaction.
    """
    client = open_client(connection)
    for module in list_missing(connection):
        make_unique_text(client, module=module, label=connection.reference_field)
    store_metadata(load_grant(connection.pk).organisation, read_metadata(client))
    return list_missing(connection)
