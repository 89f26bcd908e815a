"""Which version this is; pyproject.toml says the same, and a release raises both."""

VERSION = "0.1.0"
