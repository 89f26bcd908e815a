"""A Zoho to try the product without Zoho: accounts server, CRM API and CRM pages in one.

Usable without Django and its database, with the standard library alone. Client ID and Secret
are `1000.SANDBOX` and `sandbox-secret`; the accounts are those of `names.STAFF`, such as
integration@acme.example (the administrator) and ann@acme.example. What arrived stands on
`/sandbox/`; how to break things stands in `control`.
"""

from .organisation import Specification, list_specifications
from .server import ZohoSandbox, serve

__all__ = ["Specification", "ZohoSandbox", "list_specifications", "serve"]
