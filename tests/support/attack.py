"""Attack suppressed counts by linear programming, without code of the program."""

import math

import numpy as np
from scipy.optimize import linprog

from support.canaries import LIMITS

LEAST, WIDTH = LIMITS["small-count"], LIMITS["interval"]
KNOWN = {"primary": (1, LEAST - 1), "secondary": (LEAST, None), "withheld": (0, None)}


def attacked(values: dict, marks: dict, sums: list, weighted: tuple[dict, float] | None = None) -> dict:
    """The interval of every count with a mark; all other ``values`` are known.

    ``sums`` are (parts, whole), each a key of ``values``. The attack does not use that counts are whole. The
    ends are whole all the same, since the matrix of a table with margins is totally unimodular. ``weighted``
    is one more known sum: weights by key, which need not be whole, and their total.
    """
    unknown = list(marks)
    place = {key: n for n, key in enumerate(unknown)}
    matrix, right = np.zeros((len(sums), len(unknown))), np.zeros(len(sums))
    for n, (parts, whole) in enumerate(sums):
        for key, sign in [*((p, 1) for p in parts), (whole, -1)]:
            if key in place:
                matrix[n, place[key]] += sign
            else:
                right[n] -= sign * values[key]
    if weighted:
        weights, total = weighted
        matrix = np.vstack([matrix, [weights[key] for key in unknown]])
        right = np.append(right, total)
    found = {}
    for key in unknown:
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(unknown))
            goal[place[key]] = sign
            answer = linprog(goal, A_eq=matrix, b_eq=right, bounds=[KNOWN[marks[k]] for k in unknown])
            assert answer.status in {0, 3}, answer.message
            ends.append(sign * (-math.inf if answer.status == 3 else answer.fun))
        found[key] = (ends[0], ends[1])
    return found
