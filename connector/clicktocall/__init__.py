"""Click to call: from a number on a page of Zoho to a call of the 3CX."""
