"""Pages of the secretariat's desk that need several rooms, a module for each subject."""

from rifess.admin import proposals

__all__ = ["proposals"]
