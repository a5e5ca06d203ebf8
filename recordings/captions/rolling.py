"""Automatic captions that roll, as YouTube writes them: each line is shown again above the next one."""

from dataclasses import replace
from itertools import pairwise

BLINK = 100  # ms: lines that stay on the screen leave no longer gap


def unroll(cues, *, has_word_times):
    """Each line once, if the file rolls; otherwise `cues` as they are.

    A file rolls when, in at least half of its cues, the first lines are those that the cue before has just shown, and in three
    cues at least (one is enough where the file times each word) something new stands below them. Somebody who says "no, no, no"
    in ordinary captions fills no new line below an old one, so nothing of that is ever taken away.
    """
    shown = [cue.text.split("\n") for cue in cues]
    repeated = [0, *(_repeated(*pair) for pair in pairwise(zip(cues, shown, strict=True)))][: len(cues)]
    growing = sum(0 < again < len(lines) for again, lines in zip(repeated, shown, strict=True))
    rolls = growing >= (1 if has_word_times else 3) and sum(map(bool, repeated)) * 2 >= len(cues) - 1
    return _once(cues, shown, repeated) if rolls else cues


def _repeated(before, now):
    """How many first lines of `now` the cue before ends with."""
    (earlier, its_lines), (cue, lines) = before, now
    if cue.start - earlier.end > BLINK or cue.speaker != earlier.speaker:
        return 0
    most = min(len(its_lines), len(lines), 4)
    return next((count for count in range(most, 0, -1) if its_lines[-count:] == lines[:count]), 0)


def _once(cues, shown, repeated):
    kept = []
    for cue, lines, again in zip(cues, shown, repeated, strict=True):
        if again < len(lines):
            kept.append(replace(cue, text="\n".join(lines[again:])))
        else:
            kept[-1] = replace(kept[-1], end=max(kept[-1].end, cue.end))
    return kept
