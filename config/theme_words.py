"""The theme's own words, so that makemessages keeps them: it ships no catalogue of its own."""

from django.utils.translation import gettext_noop

WORDS = (
    gettext_noop("Select record"),
    gettext_noop("Select action"),
    gettext_noop("Select value"),
    gettext_noop("Select action to run"),
    gettext_noop("Run"),
    gettext_noop("Filters"),
    gettext_noop("Apply Filters"),
    gettext_noop("Reset filters"),
    gettext_noop("Expand row"),
    gettext_noop("Welcome back to"),
    gettext_noop("Forgotten your password or username?"),
    gettext_noop("Type to search"),
    gettext_noop("You have been successfully logged out from the administration"),
    gettext_noop("No data"),
    gettext_noop("More actions"),
    gettext_noop("Select all rows"),
    gettext_noop("Cancel"),
    gettext_noop("This item will be deleted."),
    gettext_noop("Click to cancel"),
    gettext_noop("No results found"),
    gettext_noop("This page yielded into no results. Create a new item or reset your filters."),
    gettext_noop("Go back"),
    gettext_noop("Previous"),
    gettext_noop("Next"),
    gettext_noop("General"),
    gettext_noop("Light"),
    gettext_noop("Dark"),
    gettext_noop("System"),
    gettext_noop("Toggle password visibility"),
    gettext_noop("Add row"),
    gettext_noop("True"),
    gettext_noop("False"),
    gettext_noop("Value"),
    gettext_noop("Submit"),
    gettext_noop("This object doesn't have a change history."),
    gettext_noop("Comment"),
    gettext_noop("Changed by"),
    gettext_noop("Changes"),
    gettext_noop("After you've created a user, you’ll be able to edit more user options."),
    gettext_noop(
        "Raw passwords are not stored, so there is no way to see this user’s password, but you "
        'can change the password using <a href="{}" class="text-primary-600 '
        'dark:text-primary-500">this form</a>.'
    ),
)
