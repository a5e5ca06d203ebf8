from django.db.models import Prefetch
from django.views.generic import ListView

from events.models import Intervention
from members.models import Delegate, Person
from recordings.models import Recording
from rifess.base.text.collation import SortKey
from rifess.base.views import SluggedDetail
from rifess.portal.directory import visible_people
from rifess.portal.schema_org import person


class PeopleList(ListView):
    """Everyone who has spoken in the Network, by name."""

    template_name = "people/person_list.html"
    paginate_by = 40

    def get_queryset(self):
        user = self.request.user
        said = (
            Intervention.objects.visible_to(user).order_by("-panel__seminar__starts_on", "position").prefetch_related("positions")
        )
        return (
            visible_people(user)
            .named(self.words)
            .prefetch_related(Prefetch("interventions", said, to_attr="said"))
            .order_by(SortKey("name"), "pk")
        )

    @property
    def words(self):
        """What was searched for. PostgreSQL refuses a NUL even in a question."""
        return self.request.GET.get("q", "").replace("\0", "").strip()[:100]

    def get_context_data(self, **kwargs):
        return super().get_context_data(words=self.words, **kwargs)


class PersonDetail(SluggedDetail):
    """A person: every intervention and recording, with the position held then."""

    model = Person
    template_name = "people/person_detail.html"

    def get_queryset(self):
        public = Delegate.objects.begun().public().select_related("membership__institution").order_by("-known_from", "-pk")
        mandates = Prefetch("mandates", public)
        return visible_people(self.request.user).prefetch_related("variants", mandates, "coordination_terms__institution")

    def get_context_data(self, **kwargs):
        user = self.request.user
        visible = Recording.objects.visible_to(user).prefetch_related("sources")
        said = (
            Intervention.objects.visible_to(user)
            .filter(person=self.object)
            .with_panel()
            .prefetch_related(Prefetch("panel__recordings", visible.filter(intervention=None), to_attr="whole_recordings"))
            .prefetch_related(
                Prefetch("panel__seminar__recordings", visible.filter(panel=None), to_attr="whole_recordings"),
            )
            .order_by("-panel__seminar__starts_on", "panel__position", "position")
        )
        is_heard = Recording.objects.visible_to(user).with_voice_of(self.object).exists()
        return super().get_context_data(interventions=list(said), is_heard=is_heard, linked_data=person(self.object), **kwargs)
