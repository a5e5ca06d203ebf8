"""Recordings that others have listed, brought in: read the files, plan, look at the plan, carry it out.

    plan = plan_for(read(path), seminar=None)
    carry_out(plan)

or, where there are more than the memory should hold, seminar by seminar:

    plans = plans_for(read_in_portions(path))
    carry_out_in_batches(step for plan in plans for step in plan.to_do)

Safe twice: what is there is found again by its addresses, and only what is empty is filled.
"""

from recordings.imports.making import Interrupted, carry_out, carry_out_in_batches
from recordings.imports.plan import Plan, Verdict
from recordings.imports.planner import plan_for, plans_for
from recordings.imports.reading import read, read_data, read_in_portions

__all__ = [
    "Interrupted",
    "Plan",
    "Verdict",
    "carry_out",
    "carry_out_in_batches",
    "plan_for",
    "plans_for",
    "read",
    "read_data",
    "read_in_portions",
]
