"""What the nightly comparison with Zoho found, and what a restored backup has to find out."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, tuple[Promise, ...]] = {
    "missing": (
        _("Record %(zoho_id)s was not in Zoho any more; %(by)s had it sent again."),
        _("Record %(zoho_id)s was not in Zoho any more, and nobody had deleted it: sent again."),
    ),
    "asks_first": (
        _("Restored from a backup: Zoho is asked first whether it has been written since."),
    ),
    "deleted_in_zoho": (
        _("%(name)s deleted record %(zoho_id)s in Zoho (%(moment)s). It stays deleted."),
        _("Record %(zoho_id)s was deleted in Zoho (%(moment)s). It stays deleted."),
        _("Record %(zoho_id)s was deleted in Zoho. It stays deleted."),
    ),
}
