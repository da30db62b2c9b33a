"""Shared parts of the systems: rules from tables, refusals, history, procedures, periods, workbooks."""
