"""Subjects that move through states, as a table of transitions allows, with everything remembered.

The table (``data/rules/transitions.csv``) is run by the ``transitions`` library: one machine and one
cursor serve all subjects, for a machine object each would cost more memory than the subjects themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from transitions import EventData, Machine, MachineError

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


class _Cursor:
    """The model that the machine moves: it is set on a subject's state before each attempt."""

    state: str
    failed: str
    trigger: Callable[..., bool]  # which the machine adds


class Procedure:
    """The states of many subjects under one system's transitions. Nothing in it is overwritten.

    ``takes`` names the details of each action, where a system refuses any other.
    """

    takes: ClassVar[Mapping[str, Collection[str]]] = {}

    def __init__(self, rules: Rules, conditions: Mapping[str, Condition]):
        """``conditions`` gives each condition that the transitions name; KeyError when one is missing."""
        self.rules, self.history = rules, History()
        self._conditions = conditions
        self._states: dict[str, str] = {}
        states = rules.states
        self.initial = states.loc[states["kind"] == "initial", "state"].item()
        self.labels = states.set_index("state")["label"].to_dict()
        self.actions = dict(rules.transitions[["action", "label"]].itertuples(index=False))
        self._cursor = _Cursor()
        self._machine = Machine(
            self._cursor,
            states=list(self.labels),
            initial=self.initial,
            auto_transitions=False,
            send_event=True,
            transitions=[
                {
                    "trigger": t.action,
                    "source": t.source,
                    "dest": t.target,
                    "conditions": [self._checked(c) for c in _names(t.conditions)],
                }
                for t in rules.transitions.itertuples()
            ],
        )

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
        self._machine.set_state(state)
        self._cursor.failed = ""
        attempt = Attempt(subject, state, past, on, action, details)
        try:
            moved = self._cursor.trigger(action, attempt=attempt)
        except MachineError:
            raise self.rules.refusal("transition", told) from None
        if not moved:
            raise self.rules.refusal(self._cursor.failed, told)
        entry = self.history.append(on, subject, action, details)
        self._states[subject] = self._cursor.state
        return entry

    def replay(self, entries: Iterable[Entry]) -> Procedure:
        """A procedure under the same rules that has been through ``entries`` anew."""
        again = type(self)(self.rules, self._conditions)
        for e in entries:
            again.apply(e.on, e.subject, e.action, **e.details)
        return again

    def state(self, subject: str) -> str:
        """The state a subject is in; one never mentioned is in the initial state."""
        return self._states.get(subject, self.initial)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects that something was done to, in the order they first appeared."""
        return tuple(self._states)

    def _checked(self, name: str) -> Callable:
        condition = self._conditions[name]

        def holds(event: EventData) -> bool:
            passed = condition(event.kwargs["attempt"])
            if not passed and not self._cursor.failed:
                self._cursor.failed = name
            return passed

        return holds


def _names(listed: object) -> list[str]:
    return listed.split(";") if isinstance(listed, str) and listed else []
