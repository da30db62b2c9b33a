# `make book` and `make test` do everything on a machine with Python 3.11+, git and make.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
WORKERS ?= 2

.PHONY: book pdf usb check static test lock clean

book: $(READY)
	$(RUN) -m figurebook book

pdf: $(READY)
	$(RUN) -m figurebook pdf

usb: $(READY)
	$(RUN) -m figurebook usb

# In under two minutes: all but the tests that start a process.
check: static
	$(RUN) -m pytest -n $(WORKERS) tests/unit

test: static
	$(RUN) -m pytest -n $(WORKERS)

static: $(READY)
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports --no-cache

# The marker is written last, so that an installation cut short is done again.
$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或更高版本，可用 make PYTHON=python3.12 指定")'
	$(PYTHON) -m venv --clear $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

# Resolves requirements.in and requirements-test.in anew, for Python 3.11 and later alike; needs uv.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	  --generate-hashes --no-emit-index-url --no-header requirements.in requirements-test.in -o requirements.txt

clean:
	rm -rf _build $(VENV)
