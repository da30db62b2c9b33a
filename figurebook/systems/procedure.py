"""Subjects that move through states, as a table of transitions allows, with everything remembered.

The table is ``data/rules/transitions.csv``. A row is a way out of a state by an action. Several rows may
share state and action: the first whose conditions all hold is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from figurebook.systems.history import Details, Entry, History, check
from figurebook.systems.rules import Rules


@dataclass(frozen=True)
class Attempt:
    """What a condition is asked about: the subject's past, and what is to be done now."""

    subject: str
    state: str
    past: tuple[Entry, ...]
    on: date
    action: str
    details: Details


Condition = Callable[[Attempt], bool]


class _Way(NamedTuple):
    """A way out of a state: where it leads, and its conditions by name, in the order they are asked."""

    target: str
    conditions: dict[str, Condition]


class Procedure:
    """The states of many subjects under one system's transitions. Nothing in it is overwritten.

    ``takes`` names the details of each action, where a system refuses any other.
    """

    takes: ClassVar[Mapping[str, Collection[str]]] = {}

    def __init__(self, rules: Rules, conditions: Mapping[str, Condition]):
        """``conditions`` gives each condition that the transitions name; KeyError when one is missing."""
        self.rules, self.history = rules, History()
        self._states: dict[str, str] = {}
        states = rules.states
        self.initial = states.loc[states["kind"] == "initial", "state"].item()
        self.labels = states.set_index("state")["label"].to_dict()
        self.actions = dict(rules.transitions[["action", "label"]].itertuples(index=False))
        self._ways: dict[tuple[str, str], list[_Way]] = {}
        for t in rules.transitions.itertuples():
            way = _Way(t.target, {name: conditions[name] for name in _names(t.conditions)})
            self._ways.setdefault((t.source, t.action), []).append(way)

    def apply(self, on: date, subject: str, action: str, **details: str | int) -> Entry:
        """Do ``action`` to ``subject``; raises RuleError, and changes nothing, when a rule forbids it."""
        check(on, subject, action, {})  # the rules of the system see the details first: theirs say more
        past, state = self.history.of(subject), self.state(subject)
        where = f"{subject}（{self.labels[state]}）"
        if action not in self.actions:
            raise self.rules.refusal("action", f"{where}，{action}")
        told = f"{where}，{self.actions[action]}"
        if extra := details.keys() - self.takes.get(action, details.keys()):
            raise self.rules.refusal("value", f"{told}，不收 {'、'.join(sorted(extra))}")
        if past and on < past[-1].on:
            raise self.rules.refusal("date-order", f"{told}，{on}")
        attempt = Attempt(subject, state, past, on, action, details)
        target = self._target(attempt, told)
        entry = self.history.append(on, subject, action, details)
        self._states[subject] = target
        return entry

    def state(self, subject: str) -> str:
        """The state a subject is in; one never mentioned is in the initial state."""
        return self._states.get(subject, self.initial)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects that something was done to, in the order they first appeared."""
        return tuple(self._states)

    def _target(self, attempt: Attempt, told: str) -> str:
        """The state that the attempt leads to; the refusal names the first condition that failed."""
        refusal = "transition"
        for way in self._ways.get((attempt.state, attempt.action), []):
            failed = next((name for name, holds in way.conditions.items() if not holds(attempt)), None)
            if failed is None:
                return way.target
            refusal = failed if refusal == "transition" else refusal
        raise self.rules.refusal(refusal, told)


def _names(listed: object) -> list[str]:
    return listed.split(";") if isinstance(listed, str) and listed else []
