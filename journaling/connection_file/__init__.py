"""The settings of connections as a YAML file: read with line numbers, compared, applied, written.

The file is the truth: a key left out means its default, rows of `agents` and `queues` that are not
in the file go. Only two things stay when the file is silent: the Client Secret, and connections
that the file does not name.
"""
