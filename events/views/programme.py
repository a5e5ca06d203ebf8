"""Seminars and panels, for visitors.

Recordings and documents belong to a room above: they are reached by their related names only.
"""

from collections import defaultdict

from django.db.models import Case, Count, F, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext
from django_filters.views import FilterView

from events.calendar import add_links
from events.consultations.meetings import private_part
from events.models import InstitutionRole, Panel, Seminar
from events.programme import schema_org
from events.programme.filters import SeminarFilter
from events.programme.times import ZoneForm, by_day, times_by_city, zone_of_country, zones_of_members
from events.registration.status import call_of
from events.views.calendar_feeds import to_follow
from members.models import standing_of
from rifess.base.dates import say_days
from rifess.base.text.translated import text_of
from rifess.base.views import SluggedDetail, current_slug

SHOWN_OF_A_PANEL = 10  # recordings on the page of its seminar


class SeminarList(FilterView):
    filterset_class = SeminarFilter
    template_name = "events/seminar_list.html"
    paginate_by = 20

    def get_queryset(self):
        return coming_first(Seminar.objects.visible_to(self.request.user).with_card())

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        asked = context["filter"].form.cleaned_data if context["filter"].form.is_valid() else {}
        chosen = next(((name, asked[name].lower()) for name in ("topic", "country") if asked.get(name)), ())
        return context | {"followed": to_follow(*chosen) or to_follow()}


def coming_first(seminars):
    """What is to come, soonest first; then what is over, latest first."""
    coming = Q(pk__in=Seminar.objects.upcoming().order_by().values("pk"))
    return seminars.annotate(
        is_over=Case(When(coming, then=Value(0)), default=Value(1)),
        soon=Case(When(coming, then=F("starts_on"))),
    ).order_by("is_over", "soon", "-starts_on", "-pk")


class SeminarDetail(SluggedDetail):
    model = Seminar
    template_name = "events/seminar_detail.html"

    def get_queryset(self):
        return super().get_queryset().with_programme().select_related("terms")

    def get_context_data(self, **kwargs):
        seminar, user = self.object, self.request.user
        panels = list(seminar.panels.all())
        recordings = seminar.recordings.visible_to(user)
        shown, numbers = list(first_of_each_panel(recordings).with_card()), number_by_panel(recordings)
        return super().get_context_data(
            **kwargs,
            **times_of(seminar, panels, self.request.GET, user),
            days=by_day(with_recordings(panels, shown, numbers)),
            interventions=[intervention for panel in panels for intervention in panel.interventions.all()],
            days_in_words=say_days(seminar.starts_on, seminar.ends_on),
            institutions=by_role(seminar.institutions.all()),
            topics=topics_of(seminar, panels),
            recordings=shown,
            number_of_recordings=sum(numbers.values()),
            documents=seminar.documents.visible_to(user).with_card(),
            meeting=private_part(seminar, user),
            call=call_of(seminar, user),
            calendar_links=add_links.of_seminar(seminar),
            concluding=[panel for panel in panels if text_of(panel, "conclusions")],
            noted=[panel for panel in panels if panel.source_url or text_of(panel, "source_note")],
            crumbs=[(gettext("Seminars"), reverse("events:seminars")), (seminar.starts_on.year, "")],
            linked_data=[
                schema_org.seminar(seminar),
                schema_org.breadcrumbs(
                    (gettext("Seminars"), reverse("events:seminars")),
                    (text_of(seminar, "title"), seminar.get_absolute_url()),
                ),
            ],
        )


class PanelDetail(SluggedDetail):
    model = Panel
    template_name = "events/panel_detail.html"

    def get_queryset(self):
        return super().get_queryset().filter(seminar__slug=self.kwargs["seminar"]).with_speakers()

    def moved(self):
        """The panel that this address led to, after its slug or its seminar's changed."""
        slug, seminar_slug = self.kwargs["slug"], current_slug(Seminar, self.kwargs["seminar"])
        panels = Panel.objects.visible_to(self.request.user).filter(seminar__slug=seminar_slug).select_related("seminar")
        scope = panels.values_list("seminar_id", flat=True).first()
        moved = panels.filter(slug=current_slug(Panel, slug, str(scope))).first()
        return moved if moved and (moved.slug, seminar_slug) != (slug, self.kwargs["seminar"]) else None

    def get_context_data(self, **kwargs):
        panel, user = self.object, self.request.user
        recordings = list(panel.recordings.visible_to(user).with_card())
        before, after = neighbours(panel)
        steps = [
            (gettext("Seminars"), reverse("events:seminars")),
            (text_of(panel.seminar, "title"), panel.seminar.get_absolute_url()),
        ]
        return super().get_context_data(
            **kwargs,
            **times_of(panel.seminar, [panel], self.request.GET, user),
            seminar=panel.seminar,
            before=before,
            after=after,
            interventions=panel.interventions.all(),
            institutions=by_role(panel.institutions.all()),
            calendar_links=add_links.of_one_panel(panel),
            recordings=[each for each in recordings if not each.intervention_id],
            crumbs=steps,
            linked_data=[
                schema_org.panel(panel, alone=True),
                schema_org.breadcrumbs(*steps, (text_of(panel, "title"), panel.get_absolute_url())),
            ],
        )


def times_of(seminar, panels, asked, user):
    """What a page needs to show times, and nothing (not even a query) when none is known.

    `zone` is that of the visitor: asked for, or of the country that `user` speaks for, or else the seminar's own.
    """
    first = next((panel.starts_at for panel in panels if panel.starts_at), None)
    if first is None:
        return {"zone": seminar.zone}
    zones = zones_of_members()
    form = ZoneForm(asked)
    form.fields["zone"].choices = with_home(zones, seminar)
    zone = form.chosen(otherwise=None) or zone_of(user, seminar.zone)
    return {
        "zone": zone,
        "zone_form": form,
        "first_moment": first,
        "cities": times_by_city(first, zones, seminar.zone),
    }


def zone_of(user, otherwise):
    """The zone of the country that `user` speaks for."""
    standing = standing_of(user) if user.is_authenticated else None
    return zone_of_country(str(standing.membership.country), otherwise) if standing else otherwise


def with_home(zones, seminar):
    """The zones to choose from: the seminar's own first."""
    home = str(seminar.zone)
    names = dict(Seminar._meta.get_field("time_zone").flatchoices) | dict(zones)
    return [(home, names.get(home, home)), *(choice for choice in zones if choice[0] != home)]


def with_recordings(panels, recordings, numbers):
    """Each panel with its recordings, as `shown_recordings`, and how many more there are."""
    found = defaultdict(list)
    for recording in recordings:
        found[recording.panel_id].append(recording)
    for panel in panels:
        panel.shown_recordings = found[panel.pk]
        panel.more_recordings = numbers.get(panel.pk, 0) - len(panel.shown_recordings)
    return panels


def first_of_each_panel(recordings):
    """At most ten of each panel, and of those of no panel."""
    places = recordings.annotate(place=Window(RowNumber(), partition_by="panel", order_by=["part", "pk"]))
    return recordings.filter(pk__in=places.filter(place__lte=SHOWN_OF_A_PANEL).values("pk"))


def number_by_panel(recordings):
    """How many of `recordings` each panel has, by its id; None for those of no panel."""
    return dict(recordings.order_by().values_list("panel").annotate(Count("pk")))


def by_role(institutions):
    """[(what they do, [rows])], in the order in which the roles are declared."""
    rows = list(institutions)
    found = ((role.label, [row for row in rows if row.role == role]) for role in InstitutionRole)
    return [(label, rows) for label, rows in found if rows]


def topics_of(seminar, panels):
    """The seminar's topics, then those that only its panels have."""
    return list(dict.fromkeys([*seminar.topics.all(), *(topic for panel in panels for topic in panel.topics.all())]))


def neighbours(panel):
    """The panels before and after this one in the programme; None at its ends."""
    programme = list(panel.seminar.panels.all())
    here = programme.index(panel)
    return (programme[here - 1] if here else None), (programme[here + 1] if here + 1 < len(programme) else None)
