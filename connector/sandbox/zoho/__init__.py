"""A Zoho to try the product without Zoho: accounts server, CRM API and CRM pages in one.

Usable without Django and its database, with the standard library alone.
"""

from .organisation import Specification
from .server import ZohoSandbox, serve

__all__ = ["Specification", "ZohoSandbox", "serve"]
