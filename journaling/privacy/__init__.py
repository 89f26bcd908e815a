"""What the portal holds about one person, told or erased on their request."""
