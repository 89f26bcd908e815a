"""Template filters of the portal's pages."""

from datetime import datetime

from django import template

from connector.moments import show_day, show_moment

register = template.Library()


@register.filter
def moment(value: datetime | None, zone: str = "UTC") -> str:
    """A moment in a connection's time zone."""
    return show_moment(value, zone=zone)


@register.filter
def day(value: datetime | None, zone: str = "UTC") -> str:
    """Its date there."""
    return show_day(value, zone=zone)
