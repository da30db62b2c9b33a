"""Wuqi County （吴起县）: its figures, registers and eighteen systems, for the program."""
