"""Is everything as it has to be? Each check with its state, its reason and what to do."""
