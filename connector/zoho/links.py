"""Addresses of Zoho's pages, for people to click.

Source: forms that several integrations use. Without the organisation's number `tab/` lands on the
home page, EntityInfo.do does not.
"""

from urllib.parse import quote, urlencode


def record_url(*, crm_url: str, zgid: str, environment: str, module: str, zoho_id: str) -> str:
    """The page of a record. `environment` is production, sandbox or developer."""
    base = choose_host(crm_url.rstrip("/"), environment=environment)
    if not zgid:
        return f"{base}/crm/EntityInfo.do?{urlencode({'module': module, 'id': zoho_id})}"
    return f"{base}/crm/org{quote(zgid)}/tab/{quote(module)}/{quote(zoho_id)}"


def choose_host(crm_url: str, *, environment: str) -> str:
    """A sandbox has pages of its own: crmsandbox.zoho.<tld>."""
    if environment == "sandbox":
        return crm_url.replace("://crm.", "://crmsandbox.", 1)
    return crm_url
