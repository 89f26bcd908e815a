"""Settings for commands that need none of the portal's."""

SECRET_KEY = "none"
USE_I18N = True
