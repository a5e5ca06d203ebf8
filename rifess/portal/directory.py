"""Which people and institutions have a page, and which topics are named: those that something that may be seen speaks of."""

from django.db.models import Exists, OuterRef, Q

from events.models import Intervention, Panel, PanelInstitution, PrintedPosition, Seminar, SeminarInstitution, Topic
from members.models import CoordinationTerm, Delegate, Institution, Membership, Person
from recordings.models import Document


def visible_people(user):
    """People who take part in a seminar that `user` may see, coordinate, or are shown as delegates. All for the secretariat."""
    if user.has_perm("members.view_person"):
        return Person.objects.all()
    here = OuterRef("pk")
    return Person.objects.filter(
        Exists(Intervention.objects.visible_to(user).filter(person=here))
        | Exists(Delegate.objects.public().begun().filter(person=here))
        | Exists(CoordinationTerm.objects.filter(coordinator=here))
    )


def visible_institutions(user):
    """Institutions of the Network, and those that take part in or issue something that `user` may see."""
    if user.has_perm("members.view_institution"):
        return Institution.objects.all()
    here = OuterRef("pk")
    seminars, panels = Seminar.objects.visible_to(user), Panel.objects.visible_to(user)
    return Institution.objects.filter(
        Exists(Membership.objects.begun().filter(institution=here))
        | Exists(CoordinationTerm.objects.filter(institution=here))
        | Exists(SeminarInstitution.objects.filter(institution=here, seminar__in=seminars))
        | Exists(PanelInstitution.objects.filter(institution=here, panel__in=panels))
        | Exists(PrintedPosition.objects.filter(institution=here, intervention__panel__in=panels))
        | Exists(Document.objects.visible_to(user).filter(institution=here))
    )


def visible_topics(user):
    """Topics of seminars, panels and documents that `user` may see. All for the secretariat."""
    if user.has_perm("events.view_topic"):
        return Topic.objects.all()
    here = OuterRef("pk")
    return Topic.objects.filter(
        Exists(Seminar.objects.visible_to(user).filter(topics=here))
        | Exists(Panel.objects.visible_to(user).filter(topics=here))
        | Exists(Document.objects.visible_to(user).filter(topics=here))
    )


def work_of(institution, user):
    """The seminars in which `institution` has a role and the interventions made in its name, as `user` may see them."""
    seminars = Seminar.objects.visible_to(user)
    its_panels = PanelInstitution.objects.filter(institution=institution).values("panel__seminar")
    return {
        "seminars": seminars.filter(Q(institutions__institution=institution) | Q(pk__in=its_panels)).distinct().with_card(),
        "interventions": Intervention.objects.visible_to(user)
        .filter(pk__in=PrintedPosition.objects.filter(institution=institution).values("intervention"))
        .with_panel()
        .order_by("-panel__seminar__starts_on", "position"),
        "documents": Document.objects.visible_to(user).filter(institution=institution).with_card(),
    }


def visible_countries(user):
    """The codes (ISO 3166-1 alpha-2) of countries that have a seat, an institution or a voice that `user` may see, each once."""
    seats = Membership.objects.begun().members().order_by().values_list("country")
    institutions = visible_institutions(user).order_by().values_list("country")
    voices = PrintedPosition.objects.filter(intervention__in=Intervention.objects.visible_to(user).values("pk"))
    found = seats.union(institutions, voices.order_by().values_list("country"))
    return sorted({str(code) for (code,) in found.order_by() if code})  # Meta.ordering names columns the union lacks


def work_of_country(code, user):
    """What was said for the country `code` (ISO 3166-1 alpha-2), its institutions and their documents, as `user` may see them."""
    here = PrintedPosition.objects.filter(Q(country=code) | Q(institution__country=code)).values("intervention")
    institutions = visible_institutions(user).filter(country=code)
    return {
        "institutions": institutions,
        "interventions": Intervention.objects.visible_to(user)
        .filter(pk__in=here)
        .with_panel()
        .order_by("-panel__seminar__starts_on", "panel__position", "position"),
        "documents": Document.objects.visible_to(user).filter(institution__country=code).with_card(),
    }
