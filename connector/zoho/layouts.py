"""The layouts of a module, and which fields they demand beyond what Zoho itself does."""

from typing import Any

from connector.zoho.client import ZohoClient
from connector.zoho.errors import Misconfigured
from connector.zoho.organisation import read_items

Layout = dict[str, Any]


def read_layouts(client: ZohoClient, *, module: str) -> list[Layout]:
    """The active ones: {"id", "name", "required": [API names]}; none where they may not be read."""
    try:
        layouts = read_items(client.get("/crm/v8/settings/layouts", {"module": module}), "layouts")
    except Misconfigured:
        return []
    return [
        {
            "id": str(layout.get("id") or ""),
            "name": str(layout.get("display_label") or layout.get("name") or ""),
            "required": list_required(layout),
        }
        for layout in layouts
        if layout.get("status") != "inactive"
    ]


def list_required(layout: Layout) -> list[str]:
    return [
        str(field["api_name"])
        for section in read_items(layout, "sections")
        for field in read_items(section, "fields")
        if field.get("required") and field.get("api_name")
    ]
