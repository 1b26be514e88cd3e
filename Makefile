# One command per habit. `make run` and `make test` need Python 3.11 or newer and make; nothing else.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)

# The product needs the first list, work on it the second, which contains the first.
BASE := $(VENV)/.installed-base
DEV := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help run demo test fmt lint types quick browser shots bench vendor lock docs clean

help: ## What can be done here
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(BASE) ## Start the product with its demo world (PORT=8765 make run chooses the port)
	@exec $(BIN)/python manage.py runlocal

demo: $(BASE) ## Build the demo world again, from nothing
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py demo

test: $(DEV) ## Lint, types, tests on every database that is reachable, browser tests
	@exec $(BIN)/python -m tools.suite

quick: $(DEV) ## The tests that need nothing but SQLite
	@$(BIN)/python -m pytest -q -n 2

fmt: $(DEV) ## Format the code and mend what a machine can mend
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

lint: $(DEV) ## Style, import contracts, dependencies, vendored files
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/deptry .
	@$(BIN)/python -m tools.vendor

types: $(DEV) ## Strict types
	@$(BIN)/mypy

browser: $(DEV) ## The tests that drive a real browser
	@$(BIN)/python -m tools.suite browser

shots: $(DEV) ## Pictures of every main page, for looking at
	@$(BIN)/python -m tools.shots

bench: $(DEV) ## How fast it is, in numbers
	@$(BIN)/python -m tools.bench

docs: $(DEV) ## Check that the documents name only what exists
	@$(BIN)/python -m pytest -q tests/docs

lock: ## Pin the versions in requirements/ from pyproject.toml (needs uv)
	@sh tools/lock.sh

clean: ## Remove the environment and what was collected; the data stay
	rm -rf $(VENV) staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# --- The environment --------------------------------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' || { \
	  echo "BlendEdu needs Python 3.11 to 3.14, and '$(PYTHON)' is not. Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
ifneq ($(UV),)
	@$(UV) venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)
else
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "Python cannot make an environment here. On Debian and Ubuntu: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }
endif

# Every file is checked against its hash; a package that somebody replaced is refused. uv is faster, but reads the
# settings of a mirror from other places than pip: where it fails, pip tries.
define install
	@echo "Installing what $(1) needs, once."
	@{ [ -n "$(UV)" ] && $(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/$(1).txt; } || { \
	  { $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; } && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(1).txt; \
	}
endef

$(BASE): requirements/base.txt | $(BIN)/python
	$(call install,base)
	@touch $@

$(DEV): requirements/dev.txt | $(BASE)
	$(call install,dev)
	@touch $@
