"""The short address of a call's page, as it may stand in Zoho."""

from django.conf import settings

from journaling.models import Entry


def build_page_url(entry: Entry) -> str:
    """By the reference: it is known before the entry is stored, and tells nothing by itself."""
    return f"{settings.PUBLIC_URL}/c/{entry.reference}"
