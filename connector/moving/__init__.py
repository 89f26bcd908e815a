"""The whole database as one file, from any database into any other."""
