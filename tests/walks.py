"""Random walks of state machines, in shards that workers share; each shard has a seed of its own, so that it can be repeated.

    @pytest.mark.parametrize("shard", walks.SHARDS)
    def test_…(shard, figure):
        walked = walks.walk(Machine, shard=shard, runs=1_000, steps=40)
        figure(row=30, name=f"differences {walked}", value=0, limit=0)

`SEED=…` repeats the walks of a seed that a figure named.
"""

import os
import secrets
from dataclasses import dataclass
from typing import Any

import hypothesis
from hypothesis import Phase
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import FULL

#: At full size the runs are shared out; an everyday test is one shard of a few runs.
SHARDS = range(8) if FULL else range(1)
EVERYDAY_RUNS = 5


@dataclass(frozen=True, kw_only=True)
class Walked:
    """How far a shard went."""

    shard: int
    runs: int
    steps: int
    seed: int

    def __str__(self) -> str:
        return f"in {self.runs} runs of {self.steps} steps (shard {self.shard + 1} of {len(SHARDS)}, seed {self.seed})"


def walk(machine: Any, *, shard: int, runs: int, steps: int) -> Walked:
    """Walk this shard's part of `runs`; what the machine asserts fails with the seed in its message."""
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**9))
    part = -(-runs // len(SHARDS)) if FULL else EVERYDAY_RUNS
    walked = Walked(shard=shard, runs=part, steps=steps, seed=seed)
    settings = hypothesis.settings(max_examples=part, stateful_step_count=steps, database=None, phases=[Phase.generate])
    try:
        run_state_machine_as_test(hypothesis.seed(seed + shard)(machine), settings=settings)
    except BaseException as failure:
        failure.add_note(f"SEED={seed} repeats it.")
        raise
    return walked
