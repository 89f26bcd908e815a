"""People who are created in Zoho: from the PBX's form, from a placeholder, by themselves."""
