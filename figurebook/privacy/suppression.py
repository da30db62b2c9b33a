"""Find the counts too small to be shown, and those that must go with them.

The methods are those of the handbooks and of ACRO, sdcTable and tau-ARGUS. A count below the threshold is
suppressed (threshold rule, primary suppression). Further counts are suppressed until none can be computed
back from the margins (secondary suppression). These are found by flows of least cost after Cox 1980 and
Fischetti and Salazar 1999. Then every suppressed cell is audited: its feasibility interval must be as wide
as the protection interval.

The dominance rule is for sums of amounts. The book shows means of amounts only for groups whose count is
shown, and no sum broken down by unit. So there is nothing for that rule to test.

A reader is taken to know every count shown and the margins shown. A reader also knows that no count is
negative, the thresholds, and what each mark means. The grand total is public: it is the figure that the
interview states. A zero is shown: it is a statement on nobody, and it hides no other count.

A table with margins is a circulation in a network (Bacharach 1966). A row and a column are nodes, a cell is
an arc from its row to its column, and a margin an arc back. A cell can grow by what can flow back round it,
and shrink by what can flow beside it, in whole numbers exactly.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import networkx as nx

PRIMARY, SECONDARY, WITHHELD = "primary", "secondary", "withheld"
Marks = dict[Hashable, str]


@dataclass(frozen=True)
class Cell:
    """A count as an arc of the network; a public one cannot be suppressed."""

    key: Hashable
    tail: Hashable
    head: Hashable
    value: int
    public: bool = False


def line(counts: Sequence[int]) -> list[Cell]:
    """Counts 0, 1, … that add up to a public total (``"total"``)."""
    cells = [Cell(i, "out", "in", n, public=len(counts) == 1) for i, n in enumerate(counts)]
    return [*cells, Cell("total", "in", "out", sum(counts), public=True)]


def suppressed(cells: list[Cell], limits: dict[str, int], along: Iterable[Hashable] = ()) -> Marks:
    """Mark what must not be shown, by key.

    The mark is ``primary`` for 1 … threshold - 1 and ``secondary`` for the threshold or more. ``along`` are
    cells to be suppressed whatever their count, because what stands beside them is. If the table is too
    small for every suppressed cell to keep its interval, all of it is ``withheld``, zeros too. What is known
    then is what the public total says by itself.
    """
    least, width = limits["small-count"], limits["interval"]
    along = set(along)
    marks: Marks = {}
    for cell in cells:
        if not cell.public and (0 < cell.value < least or cell.key in along):
            marks[cell.key] = PRIMARY if 0 < cell.value < least else SECONDARY if cell.value else WITHHELD
    due = [c for c in cells if c.key in marks]
    while due:
        more = _companions(cells, marks, due.pop(), least, width)
        if more is None:
            return {c.key: WITHHELD for c in cells if not c.public}
        marks |= {c.key: SECONDARY for c in more}
        due += more
    return marks


def _companions(cells: list[Cell], marks: Marks, cell: Cell, least: int, width: int) -> list[Cell] | None:
    """The cells to suppress besides, so that ``cell`` keeps its width.

    None if all of them would not do.
    """
    low, high = _bounds(cell, marks, least)
    free = [c for c in cells if c != cell and not c.public and (c.key in marks or c.value >= least)]
    room = _network(free, marks, least, _endless(cells))
    down, used = _flow(room, cell.tail, cell.head, min(width, cell.value - low))
    rest = width - down
    up, more = _flow(room, cell.head, cell.tail, rest if high is None else min(rest, high - cell.value))
    if down + up < width:
        return None
    return [c for c in free if c.key not in marks and c.key in used | more]


def _bounds(cell: Cell, marks: Marks, least: int) -> tuple[int, int | None]:
    """The least and the largest count that a cell's mark allows.

    None as the largest is no bound. The cell is one that may be suppressed.
    """
    return {PRIMARY: (1, least - 1), WITHHELD: (0, None)}.get(marks.get(cell.key, ""), (least, None))


def _endless(cells: list[Cell]) -> int:
    return 2 * sum(c.value for c in cells) + 1_000_000


def _network(cells: list[Cell], marks: Marks, least: int, endless: int) -> nx.DiGraph:
    """The network of what can be moved along each cell, both ways.

    Moving along a cell that is not yet suppressed costs its count.
    """
    graph: nx.DiGraph[Hashable] = nx.DiGraph()
    for cell in cells:
        low, high = _bounds(cell, marks, least)
        cost = 0 if cell.key in marks else cell.value
        grow, shrink = (endless if high is None else high) - cell.value, cell.value - low
        for start, end, room in ((cell.tail, cell.head, grow), (cell.head, cell.tail, shrink)):
            if room > 0:
                through = ("cell", cell.key, start)
                graph.add_edge(start, through, capacity=room, weight=cost)
                graph.add_edge(through, end, capacity=room, weight=0)
    return graph


def _flow(graph: nx.DiGraph, start: Hashable, end: Hashable, most: int) -> tuple[int, set[Hashable]]:
    """The largest flow up to ``most`` at the least cost, and its cells' keys."""
    if most <= 0 or start not in graph or end not in graph:
        return 0, set()
    graph.add_edge("source", start, capacity=most, weight=0)
    flow = nx.max_flow_min_cost(graph, "source", end)
    graph.remove_node("source")
    used = {
        node[1]
        for node, out in flow.items()
        if isinstance(node, tuple) and node[0] == "cell" and any(out.values())
    }
    return flow["source"][start], used
