"""What an upgrade asks of customers: a consent with more scopes, a newer template in the PBX."""

from collections.abc import Iterator

from connector.models import Connection, ZohoGrant
from connector.threecx.template import VERSION
from connector.zoho.scopes import missing_scopes
from journaling.doctor.verdicts import State, Verdict, warn


def check_customers() -> Iterator[Verdict]:
    for connection in Connection.objects.filter(active=True).order_by("slug"):
        yield check_template(connection)
    grants = ZohoGrant.objects.filter(connection__active=True).select_related("connection")
    for grant in grants.order_by("connection__slug"):
        yield check_scopes(grant)


def check_template(connection: Connection) -> Verdict:
    seen, subject = connection.template_version, connection.slug
    if seen is not None and seen < VERSION:
        return warn(
            "template",
            subject=subject,
            reason=f"the PBX runs version {seen} of the template, {VERSION} is the newest",
            remedy="Upload the template again: tab PBX, or manage.py connections template"
            f" {subject}",
        )
    told = "no PBX has been heard yet" if seen is None else f"version {seen}"
    return Verdict(name="template", state=State.GOOD, reason=told, subject=subject)


def check_scopes(grant: ZohoGrant) -> Verdict:
    subject = grant.connection.slug
    missing = missing_scopes(grant.scopes)
    if grant.state != ZohoGrant.State.GRANTED or missing:
        words = (
            f"scopes are missing: {', '.join(missing)}" if missing else "Zoho refuses the access"
        )
        return Verdict(
            name="access",
            state=State.BAD,
            subject=subject,
            reason=words,
            remedy=f"Authorize again: tab Zoho, or manage.py connections authorize {subject}",
        )
    return Verdict(name="access", state=State.GOOD, reason="every scope is given", subject=subject)
