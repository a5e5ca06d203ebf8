"""Pages of the secretariat's desk that need several rooms, a module for each subject."""

from rifess.portal.admin import personal_data, proposals

__all__ = ["personal_data", "proposals"]
