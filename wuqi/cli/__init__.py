"""The commands of ``python -m wuqi``, a module for each thing that people do with it."""
