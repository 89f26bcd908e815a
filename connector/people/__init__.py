"""Who is found by a number, an e-mail or a text; connector/directory.py asks here."""
