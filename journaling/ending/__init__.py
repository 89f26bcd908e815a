"""What ends: by its time, as a leftover, or with its connection."""
