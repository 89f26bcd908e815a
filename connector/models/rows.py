"""Rows of texts in one column."""

from django.db import models


class RowsField(models.JSONField):
    """A list of groups of texts, such as the rules of exclusion."""
