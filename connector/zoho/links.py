"""Addresses of Zoho's pages, for people to click.

Source: forms that several integrations use. Without the organisation's number `tab/` lands on the
home page, EntityInfo.do does not.
"""

from functools import lru_cache
from urllib.parse import quote, urlencode


def record_url(*, crm_url: str, zgid: str, environment: str, module: str, zoho_id: str) -> str:
    """The page of a record. `environment` is production, sandbox or developer."""
    tab = find_tab(crm_url=crm_url, zgid=zgid, environment=environment, module=module)
    return tab + quote(zoho_id)


@lru_cache(maxsize=256)
def find_tab(*, crm_url: str, zgid: str, environment: str, module: str) -> str:
    """What the addresses of a module's records begin with."""
    base = choose_host(crm_url.rstrip("/"), environment=environment)
    if not zgid:
        return f"{base}/crm/EntityInfo.do?{urlencode({'module': module, 'id': ''})}"
    return f"{base}/crm/org{quote(zgid)}/tab/{quote(module)}/"


def choose_host(crm_url: str, *, environment: str) -> str:
    """A sandbox has pages of its own: crmsandbox.zoho.<tld>."""
    if environment == "sandbox":
        return crm_url.replace("://crm.", "://crmsandbox.", 1)
    return crm_url
