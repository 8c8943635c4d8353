# Everything a developer types. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help setup demo serve test soak check fmt lint types layers docs bench release lock clean

help: ## list the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

$(VENV)/run.stamp: requirements/base.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.txt
	@echo "setting up the tests' and developers' tools (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(VENV)/dev.stamp ## make .venv with everything in it

demo: $(VENV)/run.stamp ## show the whole Connections API on real data (KEEP=1 leaves it serving)
	@$(BIN)/isthmus demo $(if $(KEEP),--keep)

serve: $(VENV)/run.stamp ## run the service on 127.0.0.1:8080
	@$(BIN)/isthmus serve

test: $(VENV)/dev.stamp ## run the tests, in parallel
	@$(BIN)/python -m pytest -n auto

soak: $(VENV)/dev.stamp ## run the long forms of the tests
	@ISTHMUS_SOAK=1 $(BIN)/python -m pytest -n auto

check: lint types layers test ## all that CI runs

fmt: $(VENV)/dev.stamp ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --quiet . || true

lint: $(VENV)/dev.stamp ## style, formatting, unused and undeclared dependencies
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/deptry src

types: $(VENV)/dev.stamp ## mypy, strict
	@$(BIN)/mypy

layers: $(VENV)/dev.stamp ## the direction of imports
	@$(BIN)/lint-imports

docs: $(VENV)/dev.stamp ## write the generated pages under docs/reference
	@$(BIN)/python -m docs.generate

bench: $(VENV)/dev.stamp ## measure against peers, side by side (bench/README.md)
	@$(BIN)/python -m bench

release: $(VENV)/dev.stamp ## build the wheel and the source archive into dist/
	@$(BIN)/python -m build --no-isolation

lock: $(VENV)/dev.stamp ## lock every dependency by version and hash
	@bash requirements/compile.sh

clean: ## remove what was built
	@rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
