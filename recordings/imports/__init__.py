"""Recordings that others have listed, brought in: read the files, plan, look at the plan, carry it out.

    plan = plan_for(read(path), seminar=None)
    carry_out(plan)

Safe twice: what is there is found again by its addresses, and only what is empty is filled.
"""

from recordings.imports.making import Interrupted, carry_out, carry_out_in_batches
from recordings.imports.plan import Plan, Verdict
from recordings.imports.planner import plan_for
from recordings.imports.reading import read, read_data

__all__ = ["Interrupted", "Plan", "Verdict", "carry_out", "carry_out_in_batches", "plan_for", "read", "read_data"]
