"""What every step of keeping a mirror needs."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from connector import credits
from connector.leases import Lease
from connector.models import Connection, CreditHour, Mirror, ZohoOrganisation
from connector.models.keep_out import Condition
from connector.people.fields import list_fields
from connector.people.keeping_out import list_conditions
from connector.people.reading import Reading, read_as
from connector.sync.drafting import Terms
from connector.sync.storing import list_terms
from connector.zoho.client import ZohoClient


class CreditsSpent(Exception):
    """The organisation has used so many credits that a mirror has to wait."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """One module of one organisation, held by a lease."""

    client: ZohoClient
    lease: Lease[Mirror]
    readings: Sequence[Reading]

    @property
    def mirror(self) -> Mirror:
        return self.lease.row

    @property
    def module(self) -> str:
        return self.mirror.module

    @property
    def organisation(self) -> ZohoOrganisation:
        return self.mirror.organisation

    def check_credits(self) -> None:
        """Raises CreditsSpent; whoever goes on later goes on from here."""
        if not credits.may_spend(self.organisation, CreditHour.Work.BACKFILL):
            raise CreditsSpent

    @cached_property
    def conditions(self) -> list[Condition]:
        return list_conditions(self.organisation, module=self.module)

    @cached_property
    def fields(self) -> list[str]:
        return list_fields(self.organisation, module=self.module)

    @cached_property
    def terms(self) -> Terms:
        return list_terms(self.organisation, module=self.module, readings=self.readings)

    @property
    def fields_digest(self) -> str:
        return digest_fields(self.organisation, module=self.module)

    @property
    def digests(self) -> list[str]:
        return [reading.digest for reading in self.readings]


def digest_fields(organisation: ZohoOrganisation, *, module: str) -> str:
    """Changes when other fields or records are to be mirrored; then everything is read anew."""
    facts = ",".join(list_fields(organisation, module=module))
    if conditions := list_conditions(organisation, module=module):
        facts += repr(conditions)
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


def list_readings(organisation: ZohoOrganisation) -> list[Reading]:
    """Each different way in which the organisation's connections read numbers, once."""
    connections = Connection.objects.filter(grant__organisation=organisation).order_by("pk")
    return list(dict.fromkeys(read_as(connection) for connection in connections))
