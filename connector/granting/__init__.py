"""How Zoho lets a connection in: the consent, the grant in use, its tokens."""
