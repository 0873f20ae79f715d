# make run: start Sparring. make test: everything that must hold. make bench: print what was measured.
UV := $(or $(shell command -v uv),.uv/bin/uv)

.PHONY: run test lint bench bench-grading format

run: .venv/made
	@$(UV) run --quiet --no-sync spar $(ARGS)

# Compiled once here, since an environment may forbid Python to keep what it compiles, and the app would start slowly.
.venv/made: $(UV) uv.lock pyproject.toml
	@$(UV) sync --quiet --locked --no-dev --inexact --compile-bytecode
	@.venv/bin/python -m compileall -q src/sparring
	@touch $@

test: $(UV) lint
	$(UV) run --locked pytest $(ARGS)

lint: $(UV)
	$(UV) run --locked ruff format --check --quiet
	$(UV) run --locked ruff check --quiet
	$(UV) run --locked mypy
	$(UV) run --locked lint-imports --no-logo
	$(UV) run --locked spar bank lint content

format: $(UV)
	$(UV) run --locked ruff check --fix --quiet
	$(UV) run --locked ruff format --quiet

bench: $(UV)
	@for each in benchmarks/*.py; do echo "== $$each"; $(UV) run --locked python $$each || exit 1; done

# DATA is a folder with public graded answers (docs/reliability.md says which); without it only the bank is measured.
bench-grading: $(UV)
	@$(UV) run --locked python -m benchmarks.grading $(DATA)

.uv/bin/uv:
	@python3 -m venv .uv || { echo "cannot make a virtual environment: install Python's venv module (Debian: apt install python3-venv)"; exit 1; }
	@.uv/bin/pip --quiet --disable-pip-version-check install uv
