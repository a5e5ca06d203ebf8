"""What will happen when a list is brought in, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def say(plan, seats):
    """Sentences on all that is in `plan`, for a seminar with `seats`."""
    told = [*_of_new(plan, seats), *_of_known(plan)]
    if plan.twice:
        told.append(_of_twice(plan.twice))
    if count := len(plan.refused):
        told.append(ngettext("%(count)d row is refused.", "%(count)d rows are refused.", count) % {"count": count})
    return told


def _of_new(plan, seats):
    if not plan.new:
        yield _("There is no one new in this list. Nothing will be changed.")
    counted = plan.by_form()
    for each in seats:
        if count := counted[each.form]:
            seated = 0 if each.in_line else count if each.left is None else min(count, each.left)
            said = {"count": count, "form": each.get_form_display(), "seated": seated, "waiting": count - seated}
            yield _sentence_of(said)


def _sentence_of(said):
    if not said["waiting"]:
        sentence = ngettext(
            "%(count)d new person has a place at once (%(form)s).",
            "%(count)d new people have a place at once (%(form)s).",
            said["count"],
        )
        return sentence % said
    sentence = ngettext(
        "%(count)d new person (%(form)s): %(seated)d with a place at once, %(waiting)d at the end of the waiting list.",
        "%(count)d new people (%(form)s): %(seated)d with a place at once, %(waiting)d at the end of the waiting list.",
        said["count"],
    )
    return sentence % said


def _of_known(plan):
    if not plan.known:
        return
    count = len(plan.known)
    sentence = ngettext(
        "%(count)d is registered already: nothing changes for that person.",
        "%(count)d are registered already: nothing changes for them.",
        count,
    )
    yield sentence % {"count": count}
    if rows := [each.row for each in plan.known if not each.takes_part]:
        sentence = ngettext(
            "One of them did not confirm the address, cancelled or was declined (row %(rows)s).",
            "Some of them did not confirm their address, cancelled or were declined (rows %(rows)s).",
            len(rows),
        )
        yield sentence % {"rows": some(rows)}
    if rows := [each.row for each in plan.known if each.has_other_name]:
        sentence = ngettext(
            "One is registered with this address under another name: is it the same person? (Row %(rows)s.)",
            "Some are registered with this address under another name: are they the same people? (Rows %(rows)s.)",
            len(rows),
        )
        yield sentence % {"rows": some(rows)}


def _of_twice(twice):
    sentence = ngettext(
        "%(count)d row says the same as an earlier one, and is passed over (row %(rows)s).",
        "%(count)d rows say the same as an earlier one, and are passed over (rows %(rows)s).",
        len(twice),
    )
    return sentence % {"count": len(twice), "rows": some([row for row, _first in twice])}


def some(rows):
    return ", ".join(map(str, rows[:20])) + (" …" if len(rows) > 20 else "")
