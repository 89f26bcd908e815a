"""What a PBX's requests have shown of it."""

from django.db import models


class SeenPbx(models.Model):
    """`template_content` is as describe_content writes it; empty for templates before version 3."""

    last_lookup_at = models.DateTimeField(null=True, editable=False)
    template_version = models.PositiveIntegerField(null=True, editable=False)
    template_content = models.CharField(max_length=10, blank=True, editable=False)

    class Meta:
        abstract = True
