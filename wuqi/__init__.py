"""The figures of one interview, recomputed from tables and compared."""

__version__ = "2026.11.0"
