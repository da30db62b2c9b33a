"""Helpers that several test modules share; no test is in it."""
