"""The mirror of Zoho's people is filled once, then follows what changes there."""
