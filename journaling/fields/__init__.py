"""Fields of a record beside the usual ones: its layout, what else fills it, what is left out."""
