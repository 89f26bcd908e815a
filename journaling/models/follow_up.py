"""Tasks to call back: whether, and by when."""

from datetime import date, time

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = RegexValidator(r"^([01]\d|2[0-3]):[0-5]\d$", _("Write it like 09:00."))


def list_work_days() -> list[str]:
    return list(DAYS[:5])


class FollowUpSettings(models.Model):
    """Times are those of the connection's zone; `holidays` are dates like 2026-12-25."""

    follow_up_enabled = models.BooleanField(
        _("task for missed calls"),
        default=False,
        help_text=_(
            "One task for each caller until somebody speaks with them; it closes itself then."
        ),
    )
    follow_up_hours = models.PositiveIntegerField(
        _("due within, working hours"), default=4, validators=[MaxValueValidator(400)]
    )
    work_days = models.JSONField(_("working days"), default=list_work_days, blank=True)
    work_from = models.CharField(
        _("work begins"), max_length=5, default="09:00", validators=[CLOCK]
    )
    work_until = models.CharField(_("work ends"), max_length=5, default="17:00", validators=[CLOCK])
    holidays = models.JSONField(_("holidays"), default=list, blank=True)

    class Meta:
        abstract = True


def check_follow_up(settings: FollowUpSettings) -> None:
    """Raises ValidationError by field."""
    errors: dict[str, ValidationError] = {}
    if not isinstance(settings.work_days, list) or set(settings.work_days) - set(DAYS):
        words = _("Days are written mon, tue, wed, thu, fri, sat, sun.")
        errors["work_days"] = ValidationError(words)
    elif settings.follow_up_enabled and not settings.work_days:
        errors["work_days"] = ValidationError(_("Without a working day no task is ever due."))
    try:
        if time.fromisoformat(settings.work_from) >= time.fromisoformat(settings.work_until):
            errors["work_until"] = ValidationError(_("Work must end after it begins."))
    except ValueError:
        pass  # the column's own check says so
    if wrong := find_wrong_date(settings.holidays):
        words = _("“%(date)s” is no date. Write it like 2026-12-25.")
        errors["holidays"] = ValidationError(words, params={"date": wrong})
    if errors:
        raise ValidationError(errors)


def find_wrong_date(dates: object) -> str:
    if not isinstance(dates, list):
        return str(dates)
    for text in dates:
        try:
            date.fromisoformat(text)
        except (TypeError, ValueError):
            return str(text)
    return ""
