# Needs python3 (3.11 or later, with pip) and make; everything else is fetched into .tools and .venv.
PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
# PostgreSQL and Redis have drivers of their own, installed where a URL asks for them.
LOCK := $(if $(DATABASE_URL)$(QUEUE_URL)$(shell grep -sE '^(export )?(DATABASE|QUEUE)_URL=.' .env),requirements-extras.lock,requirements.lock)
STAMP := .venv/.$(basename $(LOCK))

.PHONY: run test check tests bench lock messages catalogs clean
.DEFAULT_GOAL := run

run: $(STAMP)
	@exec $(BIN)/flask --app wsgi serve --sample

# Chromium, Dovecot, poppler come from the system's packages where they may be installed; else it says what is missing.
test:
	@tests/packages chromium dovecot poppler
	@$(MAKE) --no-print-directory check tests

check: .venv/.requirements-test
	$(BIN)/ruff check -q .
	$(BIN)/ruff format -q --check .
	$(BIN)/mypy

# The whole suite on SQLite; then, on PostgreSQL, all that asks the database anything.
tests: .venv/.requirements-test catalogs
	$(BIN)/python -m pytest -q -n 2
	VENTANILLA_TEST_DB=postgres $(BIN)/python -m pytest -q -n 2

bench: .venv/.requirements-test catalogs
	$(BIN)/python -m tests.bench

catalogs: $(STAMP)
	@$(BIN)/pybabel -q compile -d app/translations

# The template is a step on the way, not kept; dates stay, and words no longer said leave (git remembers them).
messages: .venv/.requirements-test
	@$(BIN)/pybabel -q extract -F app/translations/babel.cfg -k "_l _lp:1c,2" --no-wrap --sort-by-file --add-location=file -o app/translations/messages.pot app tasks templates
	@$(BIN)/pybabel -q update -N --no-wrap --ignore-obsolete --ignore-pot-creation-date -i app/translations/messages.pot -d app/translations

lock: $(UV)
	$(UV) pip compile -q --universal --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	$(UV) pip compile -q --universal --generate-hashes --no-header --no-annotate --all-extras -c requirements.lock pyproject.toml -o requirements-extras.lock
	$(UV) pip compile -q --universal --generate-hashes --no-header --no-annotate --all-extras --group test --group dev -c requirements-extras.lock pyproject.toml -o requirements-test.lock

clean:
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find app tasks tests migrations -name __pycache__ -prune -exec rm -rf {} + ; find app -name '*.mo' -delete

.venv/.%: %.lock $(UV)
	@$(UV) venv -q --allow-existing --no-python-downloads --python "$$(command -v $(PYTHON))" .venv
	@$(UV) pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r $<
	@touch $@

$(UV):
	@command -v $(PYTHON) >/dev/null || { echo "Ventanilla needs python3, version 3.11 or later; it was not found."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Ventanilla needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another with: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || { echo "Ventanilla needs pip for $(PYTHON); on Debian: apt install python3-pip"; exit 1; }
	@$(PYTHON) -m pip install -qq --disable-pip-version-check --root-user-action=ignore --target .tools "uv==0.13.9"
	@touch -c $@
