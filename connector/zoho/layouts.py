"""Which fields a module's layouts demand beyond what Zoho itself does."""

from connector.zoho.client import ZohoClient
from connector.zoho.errors import Misconfigured
from connector.zoho.organisation import read_items


def read_required(client: ZohoClient, *, module: str) -> set[str]:
    """API names that some active layout requires; nothing where layouts may not be read."""
    try:
        layouts = read_items(client.get("/crm/v8/settings/layouts", {"module": module}), "layouts")
    except Misconfigured:
        return set()
    return {
        str(field["api_name"])
        for layout in layouts
        if layout.get("status") != "inactive"
        for section in read_items(layout, "sections")
        for field in read_items(section, "fields")
        if field.get("required") and field.get("api_name")
    }
