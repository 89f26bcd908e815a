"""Whom one spoke with last: of several people with one number they come first."""

from datetime import datetime

from django.db.models import Q

from connector.models import MirroredKey, MirroredPerson, ZohoOrganisation


def note_spoken(organisation: ZohoOrganisation, *, module: str, zoho_id: str, at: datetime) -> None:
    """Remember a call with this person, unless a later one is known."""
    earlier = Q(spoken_at__isnull=True) | Q(spoken_at__lt=at)
    MirroredPerson.objects.filter(
        earlier, organisation=organisation, module=module, zoho_id=zoho_id
    ).update(spoken_at=at)
    same = Q(person__module=module, person__zoho_id=zoho_id)
    if module == "Contacts":
        same |= Q(person__converted_to=zoho_id)
    MirroredKey.objects.filter(
        earlier, same, organisation=organisation, person__organisation=organisation
    ).update(spoken_at=at)
