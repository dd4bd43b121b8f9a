# The commands of Rushes. Relative paths only: the checkout may lie in a folder with a space in its name.
.DEFAULT_GOAL := help
.PHONY: help demo run setup setup-dev test test-servers test-long lint lint-types lint-python lint-frontend lint-docker format bench picture clean

# The first Python that is new enough; `make PYTHON=python3.12 ...` takes another.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && break; \
	done; echo $$p)
VENV := .venv/bin/python
PORT ?= 8000
NPM := $(VENV) -m config.npm
# Tests on all cores, file by file; those that need the machine for themselves run after that, one by one.
SPREAD := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
# The files with such tests: to look for them in all the others takes half a minute.
CALM = $(shell grep -rlE --include='test_*.py' 'mark\.calm' tests)
# What talks to servers and is run on Debian's: `make test ONCE=1` leaves it out, where test-servers has passed.
ON_DEBIAN := servers and not footage and not long and not calm
# The short form, as CI runs it: what is marked exhaustive is skipped, and counted.
SHORTLY := $(if $(SHORT),--short)
# Of the tests that ARGS names there may be none of one sort.
NONE_IS_FINE := $(if $(ARGS),|| test $$? = 5)

help: ## say what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

demo: setup ## set everything up, load footage (FOOTAGE=dir for your own), serve it
	@exec $(VENV) manage.py up --port $(PORT) --footage $(if $(FOOTAGE),"$(FOOTAGE)")

run: setup ## serve without demo content
	@exec $(VENV) manage.py up --port $(PORT)

setup: ## environment, packages, front-end build; quick when all is there
	@$(PYTHON) -m config.bootstrap

setup-dev:
	@$(PYTHON) -m config.bootstrap --dev

test: setup-dev ## all tests: front end, Python, browser, on the embedded servers
	@$(NPM) test
	@env -u DATABASE_URL -u REDIS_URL $(VENV) -m pytest $(SPREAD) $(SHORTLY) -m "not calm$(if $(ONCE), and not ($(ON_DEBIAN)))" $(ARGS) $(NONE_IS_FINE)
	@env -u DATABASE_URL -u REDIS_URL $(VENV) -m pytest $(SHORTLY) -m calm $(or $(ARGS),$(CALM)) $(NONE_IS_FINE)

test-servers: setup-dev ## the tests that talk to servers, on Debian's PostgreSQL and Redis, started for them alone
	@$(VENV) -m tests.debian_servers $(VENV) -m pytest $(SPREAD) $(SHORTLY) -m "$(ON_DEBIAN)" $(ARGS)

test-long: setup-dev ## the tests that SHORT=1 leaves out: each recipe, each large network
	@env -u DATABASE_URL -u REDIS_URL $(VENV) -m pytest $(SPREAD) -m "exhaustive and not calm" $(ARGS) $(NONE_IS_FINE)
	@env -u DATABASE_URL -u REDIS_URL $(VENV) -m pytest -m "exhaustive and calm" $(or $(ARGS),$(CALM)) $(NONE_IS_FINE)

lint: setup-dev ## ruff, mypy, import-linter, oxlint, tsc, whether the API client is fresh, hadolint, compose
	@$(MAKE) --no-print-directory -j2 lint-types lint-frontend lint-python lint-docker

lint-types:
	@$(VENV) -m mypy

lint-python:
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@$(VENV) -c "from importlinter.cli import lint_imports_command as lint; lint()"

lint-frontend:
	@$(NPM) run lint
	@$(NPM) run typecheck
	@$(NPM) run client:check

lint-docker:
	@.venv/bin/hadolint docker/Dockerfile
	@$(VENV) -m check_jsonschema --builtin-schema vendor.compose-spec docker/compose.yaml

format: setup-dev ## let ruff format the Python
	@$(VENV) -m ruff check --fix .
	@$(VENV) -m ruff format .

bench: setup-dev ## ratios against peers on this machine
	@for name in $(patsubst tests/bench/%.py,%,$(wildcard tests/bench/bench_*.py)); do \
		echo "== $$name"; $(VENV) -m tests.bench.$$name $(ARGS) || exit 1; \
	done

picture: setup-dev ## take the README's picture again, from simulated footage
	@env -u DATABASE_URL -u REDIS_URL $(VENV) -m pytest tests/e2e/picture.py $(ARGS)

clean: ## remove what was built; var/ (the data) stays
	rm -rf .venv frontend/node_modules frontend/dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache
