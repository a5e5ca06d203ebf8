"""Rows that hold from one day to another, at the secretariat's desk."""

from django.utils.translation import gettext_lazy as _

from rifess.base.admin.pages import ChoiceFilter


class InForce(ChoiceFilter):
    """Of rows with a period: those that hold today, and those that are over."""

    title, parameter_name = _("period"), "period"
    questions = {
        "today": (_("in force today"), lambda rows: rows.on()),
        "ended": (_("ended"), lambda rows: rows.ended()),
    }
