"""The commands of ``python -m COUNTY``, one module for each use."""

import os

# Before NumPy is first imported: no command multiplies matrices, and starting OpenBLAS's threads for that
# takes a quarter of the CPU of a short command. A value that the user has set stays.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
