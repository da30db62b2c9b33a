"""Make the registers that no one has published: reconstructions, not records.

The totals come from the interview (``figures.csv``). Where it gives only a bound (more than 4,000 members
in the review), they come from the assumptions. Every village comes from the national list, the shape of
household sizes from a census. Every other choice is a row of ``settings/assumptions.csv``. A row with a
value is read from there; any other says in words what the code below does. These tables agree with the
interview by construction, which proves nothing; the pages say so.

Only parts of the standard library make them, and only parts that give the same result on every Python and
platform. These are integers, ``Decimal`` (correctly rounded ``exp``), and ``Random.random``, whose sequence
Python guarantees. The normal quantile is a float. It is rounded to nine digits before use, so that the last
bit of a platform's ``log`` does not reach the tables.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, Decimal, localcontext
from pathlib import Path
from random import Random
from statistics import NormalDist

from figurebook.datapackage import manifests

MAKER = "wuqi/registers.py"  # as the manifest of a table names it
FIELDS = ("rural", "agency", "community", "nonpublic")
_PRECISION = 40
_FEN = 100


def build(data: Path) -> dict[str, bytes]:
    """Build the registers whose manifests name this maker: ``{table: CSV bytes}``.

    A package without such a manifest has registers of its own county; it is left alone.
    """
    asked = _asked(data)
    if not asked:
        return {}
    made = _all(data)
    if strange := [n for n in asked if n not in made]:
        raise LookupError(f"{MAKER} 没有造表 {'、'.join(strange)} 的办法")
    return {name: made[name] for name in asked}


def _asked(data: Path) -> dict[str, Path]:
    """The files, by table, of the tables whose manifests name this maker."""
    return {r["name"]: data / r["path"] for r in manifests.read(data)["resources"] if r.get("maker") == MAKER}


def _all(data: Path) -> dict[str, bytes]:
    claimed = {r["id"]: Decimal(r["value"]) for r in _read(data, "interview/figures.csv")}
    assumed = {r["id"]: Decimal(r["value"]) for r in _read(data, "settings/assumptions.csv") if r["value"]}
    units = _read(data, "published/divisions_2016.csv")
    villages = [u for u in units if u["kind"] == "village"]
    codes = [v["code"] for v in villages]
    townships = list(dict.fromkeys((u["township_code"], u["township_name"]) for u in units))

    def n(figure: str) -> int:
        return int(claimed[figure])

    def numbered(prefix: str, rows: Iterable[Sequence], width: int = 3) -> list[list]:
        return [[f"{prefix}{i:0{width}}", *row] for i, row in enumerate(rows, 1)]

    def spread(total: int) -> list[list[str]]:
        return [
            [code] for code, k in zip(codes, allot_villages(total, villages), strict=True) for _ in range(k)
        ]

    def fields(total: int) -> list[list[str]]:
        return [
            [f]
            for f, k in zip(FIELDS, largest_remainder(total, [1] * len(FIELDS)), strict=True)
            for _ in range(k)
        ]

    members = largest_remainder(int(assumed["review_members"]), [1] * len(codes))
    repaired = [
        code
        for code, k in zip(codes, allot_villages(n("services.activity_sites"), villages), strict=True)
        if k
    ]
    facilities = (
        [["activity_site", code[:9], code] for code in repaired]
        + [["township_centre", t, ""] for t, _ in townships[: n("services.township_centres")]]
        + [["village_point", code[:9], code] for code in codes[: n("services.village_points")]]
        + [["mobile_centre", t, ""] for t, _ in townships[: n("services.mobile_centres")]]
        + [["county_station", "", ""]] * n("services.county_stations")
    )
    appointments = [
        [kind]
        for kind, figure in (
            ("promoted", "appointments.promoted"),
            ("important_post", "appointments.important_posts"),
            ("first_secretary_promoted", "appointments.first_secretaries"),
            ("adjusted", "appointments.adjusted"),
        )
        for _ in range(n(figure))
    ]
    rates = [
        [item, int(claimed[figure]) * _FEN, payee, per]
        for item, figure, payee, per in (
            ("department", "funding.department", "department_committee", "year"),
            ("village", "funding.village", "village", "year"),
            ("community", "funding.community", "community", "year"),
            ("village_increase", "funding.village_increase", "village", ""),
            ("community_increase", "funding.community_increase", "community", ""),
            ("training", "funding.training", "county", "year"),
            ("first_secretary_day", "services.daily_allowance", "first_secretary", "day"),
        )
    ]
    tables: dict[str, tuple[str, Iterable[Sequence]]] = {
        "townships": ("code name", townships),
        "villages": (
            "code name township_code",
            [[v["code"], v["name"], v["township_code"]] for v in villages],
        ),
        "departments": ("id committee_elected", numbered("D", [["true"]] * n("staffing.departments"), 2)),
        "demonstration_sites": ("id village_code", numbered("S", spread(n("demonstration.sites")))),
        "demonstration_households": (
            "id village_code",
            numbered("DH", spread(n("demonstration.households"))),
        ),
        "organisations": ("id field", numbered("O", fields(n("demonstration.organisations")), 2)),
        "model_members": ("id field", numbered("M", fields(n("demonstration.members")))),
        "branches": (
            "id village_code members reviewed_2016",
            numbered("B", [[c, m, "true"] for c, m in zip(codes, members, strict=True)], 2),
        ),
        "weak_branches": (
            "id village_code put_right",
            numbered("W", [["", "true"]] * n("staffing.weak_branches"), 2),
        ),
        "funding_rates": ("item amount payee per", rates),
        "service_facilities": ("id kind township_code village_code", numbered("F", facilities)),
        "first_secretaries": (
            "id village_code insured",
            numbered("FS", [[c, "true"] for c in codes[: n("services.first_secretaries")]], 2),
        ),
        "poor_households": (
            "id village_code persons income_2015 income_2016",
            numbered("H", _households(claimed, assumed, villages, data), 4),
        ),
        "appointments": ("id kind", numbered("A", appointments, 2)),
    }
    return {name: _csv(head.split(), rows) for name, (head, rows) in tables.items()}


def write(data: Path) -> list[str]:
    """Write the registers where the package has them; return the tables whose bytes changed."""
    changed, paths = [], _asked(data)
    for name, content in build(data).items():
        path = paths[name]
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
            changed.append(name)
    return changed


def differences(data: Path) -> list[str]:
    """The registers in ``data`` that are missing or differ from what ``build`` makes."""
    made, paths = build(data), _asked(data)
    return [n for n, p in paths.items() if not p.is_file() or p.read_bytes() != made[n]]


def largest_remainder(total: int, weights: Sequence[int | Decimal]) -> list[int]:
    """``total`` split in proportion to ``weights``; ties go to the earlier place."""
    whole = sum(weights)
    with localcontext(prec=_PRECISION):
        shares = [Decimal(total) * Decimal(w) / Decimal(whole) for w in weights]
        parts = [int(s.to_integral_value(ROUND_FLOOR)) for s in shares]
        order = sorted(range(len(shares)), key=lambda i: (parts[i] - shares[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def allot_villages(total: int, villages: Sequence[dict]) -> list[int]:
    """Split ``total`` over villages: to townships by village count, then evenly by code."""
    townships = list(dict.fromkeys(v["township_code"] for v in villages))
    sizes = [sum(v["township_code"] == t for v in villages) for t in townships]
    shares = largest_remainder(total, sizes)
    return [
        k for size, share in zip(sizes, shares, strict=True) for k in largest_remainder(share, [1] * size)
    ]


def household_sizes(households: int, persons: int, census: Sequence[Decimal]) -> list[int]:
    """The numbers of households of size 1, 2, …; both totals hold exactly.

    The census shares q_k are tilted to p_k ∝ q_k·e^(θk). Bisection finds the θ for the mean
    ``persons / households``. The rest that rounding leaves is removed by moving single households to the
    next size. Each moves where that changes the counts least in proportion.
    """
    sizes = range(1, len(census) + 1)
    if not households <= persons <= households * len(census):
        raise ValueError(f"{persons} persons do not fit into {households} households")
    with localcontext(prec=_PRECISION):
        low, high = Decimal(-20), Decimal(20)
        for _ in range(120):
            theta = (low + high) / 2
            tilted = [q * (theta * k).exp() for k, q in zip(sizes, census, strict=True)]
            mean = sum(k * p for k, p in zip(sizes, tilted, strict=True)) / sum(tilted)
            low, high = (theta, high) if mean * households < persons else (low, theta)
    counts = largest_remainder(households, tilted)
    while gap := persons - sum(k * c for k, c in zip(sizes, counts, strict=True)):
        step = 1 if gap > 0 else -1
        movable = [i for i in range(len(counts)) if counts[i] and 0 <= i + step < len(counts)]
        source = max(movable, key=lambda i: (counts[i], -i))
        counts[source] -= 1
        counts[source + step] += 1
    return counts


def incomes(shape: Sequence[Decimal], persons: Sequence[int], mean_fen: int) -> list[int]:
    """Incomes in fen per person, in proportion to ``shape``; the person-weighted mean is exact."""
    target = mean_fen * sum(persons)
    with localcontext(prec=_PRECISION):
        scale = target / sum((s * w for s, w in zip(shape, persons, strict=True)), Decimal(0))
        result = [int((s * scale).to_integral_value(ROUND_FLOOR)) for s in shape]
    missing = target - sum(r * w for r, w in zip(result, persons, strict=True))
    for i, w in enumerate(persons):
        if w <= missing:
            result[i] += 1
            missing -= w
    if missing:
        raise ValueError(f"{missing} fen cannot be placed: too few one-person households")
    return result


def _households(claimed: dict, assumed: dict, villages: Sequence[dict], data: Path) -> list[list]:
    households, persons = int(claimed["poverty.households"]), int(claimed["poverty.persons"])
    census = [Decimal(r["households"]) for r in _read(data, "published/household_sizes.csv")]
    rng = Random(int(assumed["seed"]))
    sizes = [k for k, c in enumerate(household_sizes(households, persons, census), 1) for _ in range(c)]
    sizes = [sizes[i] for i in _permutation(rng, households)]
    normal = NormalDist()
    with localcontext(prec=_PRECISION):
        ranks = [(i + Decimal("0.5")) / households for i in _permutation(rng, households)]
        shape = [(assumed["income_spread"] * Decimal(f"{normal.inv_cdf(float(r)):.9f}")).exp() for r in ranks]
    income_2016 = incomes(shape, sizes, int(claimed["poverty.income"] * _FEN))
    income_2015 = incomes(shape, sizes, int(assumed["income_2015"] * _FEN))
    codes = [
        v["code"]
        for v, k in zip(villages, allot_villages(households, villages), strict=True)
        for _ in range(k)
    ]
    return [list(row) for row in zip(codes, sizes, income_2015, income_2016, strict=True)]


def _permutation(rng: Random, n: int) -> list[int]:
    draws = [rng.random() for _ in range(n)]
    return sorted(range(n), key=draws.__getitem__)


def _read(data: Path, path: str) -> list[dict[str, str]]:
    with (data / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _csv(head: list[str], rows: Iterable[Sequence]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode()
