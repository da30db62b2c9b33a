"""The eighteen systems of the interview, one module for each.

A module is named after the system's ``slug`` in ``systems.csv``. Every module has the same parts in the same
order, and its page and notebook follow it:

- ``SYSTEM``: the id.
- ``VIEWS``: the views for an office, function name → Chinese title, in order.
- ``rules``: reads the tables of ``data/rules``.
- the model itself.
- ``example``: rows that behave like real ones, with identifiers only, deterministic.
- the functions that ``VIEWS`` names.
"""
