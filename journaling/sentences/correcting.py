"""What was changed once it stood in Zoho, by late reports and by people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, tuple[Promise, ...]] = {
    "completed": (_("More came later: the text in Zoho was completed."),),
    "replaced": (
        _(
            "Its answered part came later and was written as record %(zoho_id)s; this missed call "
            "was removed from Zoho."
        ),
        _("Its answered part came later; this missed call was removed from Zoho."),
    ),
    "replaced_anew": (_("Written anew as record %(zoho_id)s; this one was removed from Zoho."),),
    "former_stays": (
        _("Somebody changed the earlier record %(zoho_id)s in Zoho, so it stays beside this one."),
        _("It stays out of Zoho, so the record that it was to replace stays as it is."),
    ),
    "written_anew_as": (
        _("%(by)s had it written anew as %(reference)s, with another owner or kind."),
    ),
    "written_anew": (
        _("%(by)s had %(reference)s written anew: %(type)s, owner %(owner)s."),
        _("%(by)s had %(reference)s written anew: owner %(owner)s."),
    ),
    "missed_stays": (
        _("Somebody changed the missed call %(zoho_id)s in Zoho, so it stays beside this one."),
        _("Somebody changed the missed call in Zoho, so it stays beside this one."),
    ),
    "reached": (_("Somebody spoke with the caller: the task was completed in Zoho."),),
    "relinked": (_("Zoho has the caller by now: moved to the record of %(name)s (%(module)s)."),),
    "relinked_converted": (_("The lead was converted: moved to the contact %(name)s."),),
    "relinked_merged": (
        _("That record is gone; moved to %(name)s (%(module)s), who has the number."),
    ),
    "linked_by_hand": (_("Somebody linked it in Zoho (%(module)s); it stays there."),),
    "not_relinked": (_("It could not be moved to a person's record: %(words)s"),),
    "put_on_by_hand": (_("%(by)s put it on %(name)s."), _("It was put on another record.")),
    "done_by_hand": (_("%(by)s marked it as done."),),
    "candidate_taken": (_("%(by)s chose record %(zoho_id)s of several."),),
    "released": (_("%(by)s pressed “Try again”."), _("Tried again.")),
}
