"""What the portal answers at its own addresses outside the admin."""
