# 通办 tongban: `make help` lists what can be asked for.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
VENDOR := src/tongban/web/static/vendor
LINT_SITE := .mypy_cache/site
T ?= tests

.PHONY: help setup demo run test soak test-unit lint format check migrations docs bench clean

help: ## print these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' Makefile

setup: .venv/installed $(VENDOR)/collected ## install Python packages and browser assets, every one pinned by hash

demo: setup ## a province of fictional offices, people and cases on http://127.0.0.1:8000/
	$(BIN)/tongban demo

run: setup ## a site of your own in .tongban, on http://127.0.0.1:8000/
	@test -f .tongban/site.toml || $(BIN)/tongban setup
	$(BIN)/tongban run

test: setup ## every test, in the browser too; T=path runs a part
	@tools/need_chromium
	$(BIN)/pytest -n 2 --dist loadgroup --durations 20 $(T)

soak: setup ## races, kills and batches at full length, every item in the browser: a thousand rounds, 500 flats; an hour
	TONGBAN_TEST_SOAK=1 $(BIN)/pytest --durations 10 tests/faults tests/integration/test_intake_batches.py \
		tests/e2e/test_ten_items.py

test-unit: setup ## tests that need neither database nor Django, in seconds
	$(BIN)/pytest tests/unit

lint: setup $(LINT_SITE)/site.toml ## style, types, import contract, house rules, generated pages, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	TONGBAN_HOME=$(LINT_SITE) $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools
	TONGBAN_HOME=$(LINT_SITE) $(BIN)/python -m tools.docs --check
	TONGBAN_HOME=$(LINT_SITE) DJANGO_SETTINGS_MODULE=tongban.config.settings \
		$(BIN)/python -W ignore -m django makemigrations --check --dry-run

format: setup ## bring the code into the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: lint test ## what has to pass before a change lands (CI runs this)

migrations: setup $(LINT_SITE)/site.toml ## write the migrations that the models ask for
	TONGBAN_HOME=$(LINT_SITE) DJANGO_SETTINGS_MODULE=tongban.config.settings \
		$(BIN)/python -W ignore -m django makemigrations

docs: setup $(LINT_SITE)/site.toml ## write the pages of docs/reference from the tables in the code
	TONGBAN_HOME=$(LINT_SITE) $(BIN)/python -m tools.docs

bench: setup ## measure, and print ratios to bare PostgreSQL
	@for script in benchmarks/bench_*.py; do echo "== $$script"; PYTHONPATH=. $(BIN)/python "$$script" || exit 1; done

clean: ## remove what setup and checks made; a site in .tongban stays
	rm -rf .venv node_modules $(VENDOR) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# ---- stamps: a second run starts at once ----

.venv/installed: requirements-dev.lock pyproject.toml
	tools/make_venv .venv requirements-dev.lock
	touch $@

$(VENDOR)/collected: package.json package-lock.json src/tongban/web/assets.py .venv/installed
	tools/npm_ci
	$(BIN)/python -m tongban.web.assets
	touch $@

$(LINT_SITE)/site.toml: .venv/installed
	@mkdir -p $(LINT_SITE)
	@$(BIN)/python -m tongban.runtime.site_file $(LINT_SITE)
	@touch $@
