"""Move subjects through states as a table of transitions allows, and remember every step.

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
    """The input of a condition: the subject's past and the action to be done now."""

    subject: str
    state: str
    past: tuple[Entry, ...]
    on: date
    action: str
    details: Details


Condition = Callable[[Attempt], bool]


class _Way(NamedTuple):
    """A way out of a state: its target, and its conditions by name, in order."""

    target: str
    conditions: dict[str, Condition]


class Procedure:
    """The states of many subjects under one system's transitions. Nothing in it is overwritten.

    ``takes`` names the details of each action, if the system refuses all others.
    """

    takes: ClassVar[Mapping[str, Collection[str]]] = {}

    def __init__(self, rules: Rules, conditions: Mapping[str, Condition]):
        """``conditions`` has each condition that the transitions name; KeyError if one is missing."""
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
        """Do ``action`` to ``subject``. RuleError, and nothing changed, when a rule forbids it."""
        check(on, subject, action, {})  # the system's rules check the details first: their refusals say more
        past, state = self.history.of(subject), self.state(subject)
        where = f"{subject}（{self.labels[state]}）"
        if action not in self.actions:
            raise self.rules.refusal("action", f"{where}，{action}")
        text = f"{where}，{self.actions[action]}"
        if extra := details.keys() - self.takes.get(action, details.keys()):
            raise self.rules.refusal("value", f"{text}，不收 {'、'.join(sorted(extra))}")
        if past and on < past[-1].on:
            raise self.rules.refusal("date-order", f"{text}，{on}")
        attempt = Attempt(subject, state, past, on, action, details)
        target = self._target(attempt, text)
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

    def _target(self, attempt: Attempt, text: str) -> str:
        """The state that the attempt leads to. A refusal names the first condition that failed."""
        refusal = "transition"
        for way in self._ways.get((attempt.state, attempt.action), []):
            failed = next((name for name, holds in way.conditions.items() if not holds(attempt)), None)
            if failed is None:
                return way.target
            refusal = failed if refusal == "transition" else refusal
        raise self.rules.refusal(refusal, text)


def _names(listed: object) -> list[str]:
    return listed.split(";") if isinstance(listed, str) and listed else []
