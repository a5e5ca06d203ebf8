"""Running the state machines of hypothesis: short and the same each time by default, longer and random where one asks for it.

RANDOM_EXAMPLES says how many stories are told, RANDOM_STEPS how many acts each may have.
"""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test


def run_machine(machine, examples, steps):
    """Run `machine`; `examples` and `steps` hold where the environment says nothing else."""
    checks = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    more = {"deadline": None, "suppress_health_check": checks, "database": None}
    if "RANDOM_EXAMPLES" in os.environ:
        examples = int(os.environ["RANDOM_EXAMPLES"])
    else:  # the usual run is the same each time, and does not look for the shortest story
        more |= {"derandomize": True, "phases": [Phase.generate]}
    steps = int(os.environ.get("RANDOM_STEPS", steps))
    run_state_machine_as_test(machine, settings=settings(max_examples=examples, stateful_step_count=steps, **more))
