"""Telling people what is wrong: conditions -> alarms -> notices, once, and again when it ends."""
