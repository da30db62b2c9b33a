"""Draw by lot what a run tests, where testing everything would take too long.

Each run draws anew and prints its seed at its end. ``TEST_SEED=N`` draws the same again; ``TEST_ALL=true``
draws all, as the weekly run does.
"""

import os
import random
from collections.abc import Callable, Sequence

from hypothesis import seed, settings

# In the environment, so that xdist's workers draw what their controller drew.
SEED = os.environ.setdefault("TEST_SEED", str(random.SystemRandom().randrange(1_000_000)))


def all_drawn() -> bool:
    """Whether nothing is left out."""
    return os.environ.get("TEST_ALL") == "true"


def drawn(things: Sequence, count: int, purpose: str) -> list:
    """``count`` of the things, in their order; all of them with ``TEST_ALL``."""
    if all_drawn():
        return list(things)
    places = lot(purpose).sample(range(len(things)), min(count, len(things)))
    return [things[i] for i in sorted(places)]


def size(most: int, purpose: str) -> int:
    """A number for a slow test: ``most`` with ``TEST_ALL``, else 2 to 5 per cent."""
    return most if all_drawn() else lot(purpose).randint(most // 50, most // 20)


def examples(most: int, **more) -> Callable[[Callable], Callable]:
    """Settings for a slow property test: ``most`` examples with ``TEST_ALL``, else a third of the number.

    Another seed tries other examples; those of ``TEST_ALL`` are always the same.
    """
    if all_drawn():
        return settings(max_examples=most, **more)
    few = settings(max_examples=-(-most // 3), derandomize=False, database=None, **more)
    return lambda test: seed(lot(test.__qualname__).getrandbits(32))(few(test))


def lot(purpose: str) -> random.Random:
    """The random generator for one purpose, the same for the same seed."""
    return random.Random(f"{os.environ['TEST_SEED']} {purpose}")
