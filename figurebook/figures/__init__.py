"""Figures: registry, measures, derived quantities, evidence and verdicts."""
