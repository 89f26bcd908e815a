"""Tasks to call back whoever called in vain: planned, written, and closed when they are reached."""
