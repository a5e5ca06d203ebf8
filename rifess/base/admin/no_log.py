"""The administration writes no log of its own: what was done to each record is kept once, by the history of changes (auditlog).

Django's log would keep the names and addresses of people whose rows were erased.
"""


class WritesNoLog:
    """A page of the administration, ours or a library's, without `django.contrib.admin.models.LogEntry`."""

    def log_addition(self, request, obj, message):
        return None

    def log_change(self, request, obj, message):
        return None

    def log_deletions(self, request, queryset):
        return []
