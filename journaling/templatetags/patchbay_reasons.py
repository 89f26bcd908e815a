"""Template filter: the sentence of a reason's code."""

from django import template

from journaling.telling.reasons import describe_reason

register = template.Library()


@register.filter
def reason(code: str) -> str:
    return describe_reason(code)
