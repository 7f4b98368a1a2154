# Everything that is done with this repository: `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# Only `run` listens anywhere; what it is told must not reach the tests.
unexport HOST PORT
export PIP_DISABLE_PIP_VERSION_CHECK = 1

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --require-hashes
# A stamp is named after what was installed: another list of packages is another stamp.
INSTALLED := $(VENV)/.installed-$(shell cksum < requirements.txt | tr -d ' ')
INSTALLED_DEV := $(VENV)/.installed-dev-$(shell cat requirements.txt requirements-dev.txt | cksum | tr -d ' ')
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))

# -- running ----------------------------------------------------------------------------------------------------------

.PHONY: help
help: ## List what can be made
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' Makefile | while IFS=$$'\t' read -r name words; do printf '  make %-14s %s\n' "$$name" "$$words"; done

.PHONY: run
run: $(INSTALLED) catalogues ## Try it on this machine: sample library, demo accounts, http://127.0.0.1:8000/ (HOST=, PORT=)
	@DEBUG=1 HOST=$(HOST) PORT=$(PORT) exec $(BIN)/python manage.py demo

$(INSTALLED): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with PYTHON=python3.12."; exit 1; }
	@echo "Making $(VENV) and installing what Mainstay needs: a minute or two, once."
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python could not make a virtual environment; on Debian and Ubuntu, install python3-venv."; exit 1; }
	@$(PIP) -r requirements.txt
	@touch $@

$(INSTALLED_DEV): $(INSTALLED) requirements-dev.txt
	@echo "Installing what the tests need."
	@$(PIP) -r requirements-dev.txt
	@touch $@

# Without msgfmt the admin speaks English, and everything else works.
.PHONY: catalogues
catalogues: $(if $(shell command -v msgfmt),$(CATALOGUES))

%.mo: %.po
	@msgfmt --output-file=$@ $< || { rm -f $@; echo "$< could not be compiled; the admin goes without it."; }

# -- checking ---------------------------------------------------------------------------------------------------------

export DJANGO_SETTINGS_MODULE = cms.settings
TESTING := DEBUG=1 PYTHONDONTWRITEBYTECODE=1
WORKERS ?= auto
# In CI nothing may be skipped: neither a test, nor the browser, nor the database.
STRICT := $(if $(filter true,$(CI)),-p tests.operations.nothing_skipped)
PYTEST = $(TESTING) $(BIN)/python -m pytest -n $(WORKERS) $(STRICT)
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
POSTGRES = $(BIN)/python -m tests.operations.postgres

.PHONY: test
test: $(INSTALLED_DEV) catalogues ## Run the tests: on SQLite, or where DATABASE_URL says (ARGS="-k words" chooses)
ifneq ($(CHROMIUM)$(filter true,$(CI)),)
	@$(PYTEST) $(ARGS)
else
	@echo "No Chromium was found: the browser tests are left out."
	@$(PYTEST) -m "not browser" $(ARGS)
endif

# On SQLite and on PostgreSQL, or where DATABASE_URL says: what the tests found, and all that they said when one failed.
define print-figures
@if [ -n "$${DATABASE_URL:-}" ]; then bases="$$DATABASE_URL"; else bases="default $$($(POSTGRES))"; fi; \
status=0; output=$$(mktemp); trap 'rm -f "$$output"' EXIT; \
for base in $$bases; do \
	if [ "$$base" = default ]; then unset DATABASE_URL; else export DATABASE_URL="$$base"; fi; \
	code=0; $(1) > "$$output" 2>&1 || code=$$?; \
	grep -E '^\{"row"' "$$output" || true; \
	if [ "$$code" -ne 0 ]; then status=$$code; cat "$$output" >&2; fi; \
done; exit "$$status"
endef

.PHONY: figures
figures: $(INSTALLED_DEV) catalogues ## Print the reliability figures, one JSON line each, at their full size
	$(call print-figures,FIGURES=1 $(PYTEST) -q -m figure)

# One after the other: each of them keeps all processors busy by itself.
.PHONY: torture
torture: WORKERS = 0
torture: $(INSTALLED_DEV) catalogues ## Print those that need kills, crashes and minutes under load (ARGS="-k words" chooses)
	$(call print-figures,TORTURE=1 $(PYTEST) -q -m torture $(ARGS))

.PHONY: bench
bench: $(INSTALLED_DEV) ## Measure every row of speed on 100,000 documents, as ratios, into docs/performance.md (PostgreSQL, Redis, wrk)
	@PYTHONDONTWRITEBYTECODE=1 $(BIN)/python -m tests.bench

.PHONY: bench-quick
bench-quick: $(INSTALLED_DEV) ## The same on a small library, in under three minutes
	@PYTHONDONTWRITEBYTECODE=1 $(BIN)/python -m tests.bench --quick

.PHONY: check
check: lint check-sqlite check-postgres check-api-alone ## Everything that must hold before a change is pushed

.PHONY: lint
lint: $(INSTALLED_DEV) ## Format, lint, types, who imports whom, migrations, catalogues
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(TESTING) $(BIN)/mypy api cms
	$(BIN)/lint-imports
	$(TESTING) $(BIN)/python manage.py makemigrations --check --dry-run
	$(TESTING) $(BIN)/python manage.py check --fail-level WARNING
	@for file in locale/*/LC_MESSAGES/*.po; do ! command -v msgfmt > /dev/null || msgfmt --check-format -o /dev/null "$$file"; done
	@if command -v msgfmt > /dev/null; then $(TESTING) $(BIN)/python -m tests.operations.catalogues; else echo "No gettext: the catalogues are not checked."; fi

.PHONY: check-sqlite
check-sqlite:
	@echo "Tests on SQLite"; unset DATABASE_URL; $(MAKE) --no-print-directory test

# What shows nothing of the database is run once, on SQLite, and so are journeys in the browser: on both they would take a third of CI's time.
.PHONY: check-postgres
check-postgres: $(INSTALLED_DEV)
	@base=$$($(POSTGRES)); \
	if [ -n "$$base" ]; then echo "Tests on PostgreSQL"; DATABASE_URL="$$base" $(MAKE) --no-print-directory test ARGS='-m "not browser and not one_database"'; \
	else echo "No PostgreSQL at TEST_POSTGRES_URL or 127.0.0.1:5432: its tests are left out."; fi

.PHONY: check-api-alone
check-api-alone: $(INSTALLED_DEV)
	@echo "The API's tests without the editors' side"; unset DATABASE_URL; $(PYTEST) --ds=tests.settings_api_alone tests/api

# -- maintaining ------------------------------------------------------------------------------------------------------

.PHONY: requirements
requirements: ## Pin the newest versions that pyproject.toml allows (needs uv)
	@command -v uv > /dev/null || { echo "uv is needed: https://docs.astral.sh/uv/"; exit 1; }
	UV_CUSTOM_COMPILE_COMMAND="make requirements" uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes pyproject.toml -o requirements.txt
	UV_CUSTOM_COMPILE_COMMAND="make requirements" uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

LOCALES := es fr pt_BR ar ru vi zh_Hans
.PHONY: messages
messages: $(INSTALLED) ## Collect the interface's strings into locale/ (needs gettext)
	$(TESTING) $(BIN)/python manage.py makemessages --no-obsolete --no-wrap --add-location=file --ignore=$(VENV) --ignore=var --ignore=tests $(addprefix --locale=,$(LOCALES))

.PHONY: check-catalogues
check-catalogues: $(INSTALLED_DEV) ## Say what is not in every catalogue, translated (needs gettext)
	@$(TESTING) $(BIN)/python -m tests.operations.catalogues

.PHONY: clean
clean: ## Remove what was made: .venv, caches, compiled catalogues (var/ with its database stays)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f locale/*/LC_MESSAGES/*.mo
