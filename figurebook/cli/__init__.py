"""The commands of ``python -m COUNTY``, a module for each thing that people do with it."""

import os

# Before NumPy is first imported: no command multiplies matrices, and starting OpenBLAS's threads for that
# takes a quarter of the CPU of a short command. Whoever has set it knows better.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
