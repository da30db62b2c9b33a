"""The eighteen systems of the interview, a module each, named after its ``slug`` in ``systems.csv``.

Every module has the same parts in the same order, and its page and notebook follow it:
``SYSTEM`` (the id), ``VIEWS`` (what an office looks at: function name → Chinese title, in order),
``rules`` (reads the tables of ``data/rules``), the model itself, ``example`` (rows that behave like real
ones: identifiers only, deterministic), and the functions that ``VIEWS`` names.
"""
