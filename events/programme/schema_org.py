"""Seminars described for machines, in the words of schema.org."""

from django.conf import settings

from events.models import SeminarFormat
from rifess.base.text.translated import text_of

ATTENDANCE = {
    SeminarFormat.VIRTUAL: "https://schema.org/OnlineEventAttendanceMode",
    SeminarFormat.IN_PERSON: "https://schema.org/OfflineEventAttendanceMode",
    SeminarFormat.HYBRID: "https://schema.org/MixedEventAttendanceMode",
}
CALLS = {"convenes", "organizes"}


def address(path):
    """The whole address of one of our pages."""
    return f"{settings.SITE_URL}{path}"


def known(data):
    """Only what is known: an empty value says nothing."""
    return {key: value for key, value in data.items() if value not in (None, "", [], {})}


def breadcrumbs(*steps):
    """A BreadcrumbList of (words, path) pairs, from the section to the page."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": str(words), "item": address(path)}
            for position, (words, path) in enumerate(steps, start=1)
        ],
    }


def organization(institution):
    return known({"@type": "Organization", "name": text_of(institution, "name").words, "url": institution.website})


def seminar(row):
    """An Event, with each panel as a subEvent; expects `with_programme()`."""
    title, subtitle = text_of(row, "title").words, text_of(row, "subtitle").words
    return known(
        {
            "@context": "https://schema.org",
            "@type": "Event",
            "name": f"{title}: {subtitle}" if subtitle else title,
            "url": address(row.get_absolute_url()),
            "description": text_of(row, "summary").words,
            "startDate": _starts(row),
            "endDate": _ends(row),
            "eventStatus": f"https://schema.org/Event{'Cancelled' if row.is_cancelled else 'Scheduled'}",
            "eventAttendanceMode": ATTENDANCE.get(row.format),
            "location": _location(row),
            "inLanguage": [language.code for language in row.languages.all()],
            "organizer": [organization(each.institution) for each in row.institutions.all() if each.role in CALLS],
            "subEvent": [panel(each) for each in row.panels.all()],
        }
    )


def panel(row, *, alone=False):
    """An Event; `alone` on its own page, where it also names its seminar."""
    data = {
        "@type": "Event",
        "name": text_of(row, "title").words,
        "url": address(row.get_absolute_url()),
        "startDate": _on_its_clock(row.seminar, row.starts_at) or row.held_on or row.seminar.starts_on,
        "endDate": _on_its_clock(row.seminar, row.ends_at),
        "performer": _performers(row),
    }
    if alone:
        above = {
            "@type": "Event",
            "name": text_of(row.seminar, "title").words,
            "url": address(row.seminar.get_absolute_url()),
        }
        data = {
            "@context": "https://schema.org",
            **data,
            "superEvent": above | {"startDate": row.seminar.starts_on},
        }
    return known(data)


def _starts(seminar):
    """The moment when it begins, or its first day while some hours of that day are not known."""
    moments = [panel.starts_at for panel in seminar.panels.all() if panel.held_on == seminar.starts_on]
    return _on_its_clock(seminar, min(moments)) if moments and all(moments) else seminar.starts_on


def _ends(seminar):
    """The moment when it is over, or its last day while some hours of that day are not known."""
    moments = [panel.ends_at for panel in seminar.panels.all() if panel.held_on == seminar.last_known_day]
    return _on_its_clock(seminar, max(moments)) if moments and all(moments) else seminar.ends_on


def _on_its_clock(seminar, moment):
    """`moment` with the offset of the seminar's own zone; None stays None."""
    return moment and moment.astimezone(seminar.zone)


def _location(row):
    if row.format == SeminarFormat.VIRTUAL:
        return {"@type": "VirtualLocation", "url": address(row.get_absolute_url())}
    place = text_of(row, "place").words
    return {"@type": "Place", "name": place} if place else None


def _performers(row):
    names = {each.person_id: each.printed_name for each in row.interventions.all() if each.person_id}
    return [{"@type": "Person", "name": name} for name in names.values()]
