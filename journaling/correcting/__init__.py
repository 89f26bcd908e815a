"""What stands in Zoho already is changed: by a late part, another owner or kind, another card."""
