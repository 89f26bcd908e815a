"""What the portal writes into Zoho, as texts: variables, phrases, moments, and how they fit."""
