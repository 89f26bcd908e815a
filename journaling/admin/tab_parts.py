"""The tabs of the connection's page with what stands on them."""

from typing import Any

from journaling.admin.connection_tabs import TABS


def build_tabs(*, fieldsets: list[Any], inlines: list[Any]) -> list[dict[str, Any]]:
    """The tabs with their rendered parts and how many errors stand on each."""
    queue = iter(fieldsets)
    tables = {inline.formset.prefix: inline for inline in inlines}
    tabs = []
    for tab in TABS:
        own = [next(queue) for _fieldset in tab.fieldsets]
        own_tables = [tables[name] for name in tab.inlines if name in tables]
        tabs.append(
            {
                "key": tab.key,
                "title": tab.title,
                "top": tab.top,
                "fieldsets": own,
                "inlines": own_tables,
                "errors": count_errors(own, own_tables),
            }
        )
    return tabs


def count_errors(fieldsets: list[Any], inlines: list[Any]) -> int:
    fields = [name for fieldset in fieldsets for name in list_names(fieldset)]
    in_fields = sum(name in fieldsets[0].form.errors for name in fields) if fieldsets else 0
    return in_fields + sum(inline.formset.total_error_count() for inline in inlines)


def list_names(fieldset: Any) -> list[str]:
    return [
        name
        for line in fieldset.fields
        for name in ([line] if isinstance(line, str) else list(line))
    ]
