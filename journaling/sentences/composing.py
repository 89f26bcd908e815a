"""What was decided until the record was ready."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, tuple[Promise, ...]] = {
    "reported": (
        _("The PBX reported: %(type)s, extension %(agent)s, queue %(queue)s."),
        _("The PBX reported: %(type)s, extension %(agent)s."),
        _("The PBX reported: %(type)s, queue %(queue)s."),
        _("The PBX reported: %(type)s."),
        _("The PBX reported it."),
    ),
    "found_in_call_log": (
        _(
            "The PBX did not report it; found in its call log: %(type)s, extension %(agent)s, "
            "queue %(queue)s."
        ),
        _("The PBX did not report it; found in its call log: %(type)s, extension %(agent)s."),
        _("The PBX did not report it; found in its call log: %(type)s."),
    ),
    "reported_later": (_("The PBX reported it after all; its report counts from now on."),),
    "joined": (
        _("One more part of the same call: %(type)s, extension %(agent)s, queue %(queue)s."),
        _("One more part of the same call: %(type)s, extension %(agent)s."),
        _("One more part of the same call: %(type)s."),
        _("One more part of the same call."),
    ),
    "settled": (
        _("All parts are there (%(parts)s): %(type)s."),
        _("All parts are there."),
    ),
    "number_read": (
        _("%(number)s was read as %(key)s."),
        _("The number is %(kind)s."),
        _("There is no number."),
    ),
    "start_estimated": (
        _("The PBX named no start in UTC; it was reckoned back from the end by the duration."),
    ),
    "start_corrected": (
        _("The PBX's clock is ahead (it said %(sent)s); the moment of arrival was taken as start."),
        _("The PBX's clock is ahead; the moment of arrival was taken as start."),
    ),
    "card_named": (
        _("The PBX named a record in Zoho (%(module)s, %(name)s): %(verdict)s."),
        _("The PBX named a record in Zoho (%(module)s): %(verdict)s."),
    ),
    "dialled_from": (
        _("It was dialled from a record in Zoho (%(module)s, %(name)s)."),
        _("It was dialled from a record in Zoho (%(module)s): %(verdict)s."),
    ),
    "people_found": (
        _("Found in Zoho: %(people)s."),
        _("Nobody in Zoho has this number."),
    ),
    "card_taken": (
        _("%(name)s (%(module)s) was taken."),
        _("A record in Zoho was taken."),
    ),
    "card_kept": (_("It stays on the record of %(name)s (%(module)s)."),),
    "no_card": (_("It stands on no person's record in Zoho."),),
    "owner": (
        _("Owner: %(name)s, by the rule: %(rule)s."),
        _("Owner: %(name)s."),
        _("Owner: %(email)s, by the rule: %(rule)s."),
        _("The owner was found."),
    ),
    "stranger": (_("Nobody in Zoho has the number %(number)s, so its caller is created."),),
    "waits_for_person": (_("Its caller is created in Zoho first (%(reference)s)."),),
    "handed_over": (_("The person created for this number belongs to whoever answered now."),),
    "not_handed_over": (
        _("The person created for this number stays with its owner: %(words)s"),
        _("The person created for this number stays with its owner."),
    ),
    "text_used": (
        _("Text: %(text)s."),
        _("The text of the connection was used."),
    ),
    "without_texts": (_("A rule for %(rule)s keeps its texts out of Zoho."),),
    "follow_up_planned": (_("A task to call back follows (%(reference)s)."),),
    "follow_up_open": (_("A task to call back is open already (%(reference)s)."),),
    "follow_up_needless": (_("No task to call back: somebody has spoken with the caller since."),),
    "follow_up_of": (_("Nobody answered the call %(reference)s: somebody is to call back."),),
    "would_follow_up": (_("A task to call back would follow, due on %(due)s."),),
    "shortened": (
        _("%(field)s was longer than Zoho allows; the rest follows as %(into)s."),
        _("A text was longer than Zoho allows; the rest follows."),
    ),
    "field_kept": (_("%(field)s is what makes the record this call; it is not changed."),),
    "field_unknown": (_("%(field)s does not exist in this organisation; it was left out."),),
    "field_read_only": (_("%(field)s cannot be written in Zoho; it was left out."),),
    "field_refused": (_("%(field)s was left out, since Zoho had refused it."),),
    "layout_unknown": (_("This organisation has no layout “%(name)s”; Zoho took its own."),),
    "field_not_for_missed": (_("%(field)s is not for missed calls; it was left out."),),
    "automations": (
        _("Zoho's automations run: %(run)s (%(rule)s; its age: %(age)s)."),
        _("Zoho's automations run: %(run)s (%(rule)s)."),
        _("Zoho's automations run: %(run)s."),
    ),
}
