.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help setup run test unit lint faults bench pin lock evaluate

help:  ## show the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Tingchao needs Python 3.11 or newer; run make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --disable-pip-version-check --no-deps --no-build-isolation -q -e .
	@echo "compiling the models' loops (once)"
	echo '{"text": "昨天下午杭州一化工厂爆炸，3人受伤"}' | $(BIN)/tingchao analyse > /dev/null
	touch $@

setup: $(VENV)/.installed  ## make .venv with .venv/bin/tingchao

run: setup  ## the whole system on this machine, until Ctrl-C
	$(BIN)/tingchao run

# Most tests wait for one process that starts: two at a time, each with servers of its own.
test: setup  ## all tests, on a real Kafka and a real Elasticsearch
	$(BIN)/python -m pytest -n 2

unit: setup  ## the tests without input or output, in seconds
	$(BIN)/python -m pytest tests/unit

lint: setup  ## ruff, types, and which folder may import which
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

faults: setup  ## the faults that take too long for every run
	TINGCHAO_TEST_SLOW=1 TINGCHAO_TEST_KILLS=20 $(BIN)/python -m pytest tests/faults --timeout 3600

.venv-bench/.installed: requirements-bench.lock pyproject.toml
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --disable-pip-version-check --no-deps --require-hashes -r requirements-bench.lock
	.venv-bench/bin/pip install --disable-pip-version-check --no-deps --no-build-isolation -q -e .
	touch $@

bench: .venv-bench/.installed  ## the figures, beside peers (installs the peers into .venv-bench)
	.venv-bench/bin/python -m benchmarks.consumer
	.venv-bench/bin/python -m benchmarks.chain
	.venv-bench/bin/python -m benchmarks.duplicates
	.venv-bench/bin/python -m benchmarks.models

evaluate: setup  ## every model's figures on the corpora in DATA; writes the table in docs/models.md
	@test -n "$(DATA)" || { echo "make evaluate DATA=FOLDER (of labelled JSON lines, see benchmarks/corpora.py)"; exit 2; }
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.evaluate "$(DATA)"

pin:  ## pin Kafka's and Elasticsearch's artifacts again
	$(BIN)/python -m infra.stack.pin

lock:  ## pin the dependencies again (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -o requirements.lock
	uv pip compile pyproject.toml --group dev --group bench --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -o requirements-bench.lock
