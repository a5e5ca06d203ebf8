"""What a consultation decided, computed from its votes and from the rules that stand on it."""

from collections import Counter
from dataclasses import asdict, dataclass
from fractions import Fraction

from events.models import OptionMeaning, Threshold

AT_LEAST = {Threshold.TWO_THIRDS: Fraction(2, 3), Threshold.THREE_QUARTERS: Fraction(3, 4), Threshold.UNANIMITY: Fraction(1)}


@dataclass(frozen=True)
class Result:
    """The figures. `units` and `voted` are memberships, `votes` counts by option (as text: JSON keys are), `base` is what the
    threshold is a part of, `adopted` the option adopted. `reason` says why none is: quorum, tie, threshold, against, none.
    """

    units: list[int]
    voted: int
    votes: dict[str, int]
    base: int
    quorum_reached: bool
    threshold_reached: bool
    adopted: int | None
    reason: str

    def as_json(self):
        return asdict(self)


def quorum_of(percent, units):
    """How many of `units` members must vote. Never rounded down: 50 % of 7 is 3.5, so four must; 0 % of any is none."""
    return -(-percent * units // 100)


def count(consultation):
    """The result of `consultation` by the votes of its voting units: members no longer in force at the closing do not count."""
    units = sorted(consultation.units().values_list("pk", flat=True))
    votes = [vote for vote in consultation.votes.select_related("option") if vote.membership_id in set(units)]
    tally = Counter(vote.option_id for vote in votes)
    options = list(consultation.options.all())
    base = _base(consultation, len(units), votes)
    leading = _leading([option for option in options if option.meaning != OptionMeaning.ABSTENTION], tally)
    quorum_reached = len(votes) >= quorum_of(consultation.quorum_percent, len(units))
    threshold_reached = len(leading) == 1 and reaches(consultation.threshold, tally[leading[0].pk], base)
    reason = _reason(leading, quorum_reached, threshold_reached)
    return Result(
        units=units,
        voted=len(votes),
        votes={str(option.pk): tally[option.pk] for option in options},
        base=base,
        quorum_reached=quorum_reached,
        threshold_reached=threshold_reached,
        adopted=None if reason else leading[0].pk,
        reason=reason,
    )


def reaches(threshold, votes, base):
    """Whether `votes` of `base` are enough: more than half, or at least the part that is named. Nothing is rounded."""
    if not votes:
        return False
    if threshold in AT_LEAST:
        return votes >= AT_LEAST[threshold] * base
    return 2 * votes > base


def _base(consultation, units, votes):
    """What the threshold is a part of: all members, or the votes cast, with or without abstentions as the rules say."""
    if consultation.threshold == Threshold.MAJORITY_OF_ALL:
        return units
    if consultation.counts_abstentions:
        return len(votes)
    return sum(vote.option.meaning != OptionMeaning.ABSTENTION for vote in votes)


def _leading(options, tally):
    """The options with most votes: several when they tie, none when nobody voted for any."""
    most = max((tally[option.pk] for option in options), default=0)
    return [option for option in options if most and tally[option.pk] == most]


def _reason(leading, quorum_reached, threshold_reached):
    """Why nothing is adopted; empty when something is. What weighs most is said first."""
    reasons = {
        "quorum": not quorum_reached,
        "none": not leading,
        "tie": len(leading) > 1,
        "against": any(option.meaning == OptionMeaning.AGAINST for option in leading),
        "threshold": not threshold_reached,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")
