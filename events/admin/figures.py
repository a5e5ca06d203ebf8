"""The figures of a seminar on a page of the desk, and as a file."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, pgettext

from events.registration import statistics
from rifess.base.spreadsheets.writer import as_csv


class ShowsFigures:
    """Adds the page to who takes part."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/figures/", view(self.figures), name="events_takingpart_figures"),
            path("<int:pk>/figures.csv", view(self.figures_as_csv), name="events_takingpart_figures_csv"),
            *super().get_urls(),
        ]

    def counted(self, request, pk):
        """The seminar and its figures, for whoever may know."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        seminar = self.model.objects.filter(pk=pk).first()
        if seminar is None:
            raise Http404
        return seminar, statistics.of(seminar)

    def figures(self, request, pk):
        seminar, found = self.counted(request, pk)
        context = {"title": gettext("Figures"), "opts": self.opts, "original": seminar, "figures": found}
        return render(request, "admin/events/takingpart/figures.html", self.admin_site.each_context(request) | context)

    def figures_as_csv(self, request, pk):
        seminar, found = self.counted(request, pk)
        name = pgettext("name of a file", "figures")
        return as_csv(f"{seminar.slug}-{name}.csv", statistics.as_rows(found))
