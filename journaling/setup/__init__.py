"""Setting a connection up: the checklist, what each of its steps asks, and what its buttons do."""
