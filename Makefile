# One vocabulary for people and for CI: `make help` lists it.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
POOL := wavecast
API := $(or $(PREFECT_API_URL),http://127.0.0.1:4200/api)

# Private: Prefect's client asks this variable whether it may send usage data.
export DO_NOT_TRACK := 1

.DEFAULT_GOAL := help
.PHONY: help awaited pipeline evaluation test lint types format server worker deploy automations benchmarks lock clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

pipeline: $(VENV)/.ready ## Run the main job: data, training, forecast, artifacts (flags: ARGS="--seed 7")
	$(BIN)/python flows/pipeline.py $(ARGS)

# The peers and the competitions' series come with the development environment. Killed, it goes on where it was.
evaluation: $(VENV)/.ready-dev ## Compare with peers, and put the result into docs/ (flags: ARGS="--suite m1")
	@run=$$(OPENBLAS_NUM_THREADS=1 $(BIN)/python flows/evaluate.py $(ARGS) | tail -n 1) && test -d "$$run" && \
	  $(BIN)/python docs/put_evaluation.py "$$run" && echo "$$run"

test: $(VENV)/.ready-dev ## Run all tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

lint: $(VENV)/.ready-dev ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready-dev ## Check types
	$(BIN)/mypy

format: $(VENV)/.ready-dev ## Mend style and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The server listens where PREFECT_API_URL says that it is; worker and deploy look for it there.
ADDRESS := $(firstword $(subst /, ,$(lastword $(subst ://, ,$(API)))))
HOST := $(firstword $(subst :, ,$(ADDRESS)))
PORT := $(or $(word 2,$(subst :, ,$(ADDRESS))),$(if $(filter https://%,$(API)),443,80))

server: $(VENV)/.ready ## Start the Prefect server with its UI, at PREFECT_API_URL (stays in the foreground; flags: ARGS=…)
	PREFECT_API_URL=$(API) $(BIN)/prefect server start --host $(HOST) --port $(PORT) $(ARGS)

# A server that was only just started needs half a minute, and without one Prefect answers with a page of traceback.
awaited: $(VENV)/.ready
	@for i in 1 2 3 4 5 6; do \
	  $(BIN)/python -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=10)' $(API)/health 2>/dev/null && exit; \
	  echo "waiting for a Prefect server at $(API) ..."; sleep 10; \
	done; echo "none answers there: make server, or set PREFECT_API_URL" >&2; exit 1

worker deploy automations: export PREFECT_API_URL := $(API)

worker: $(VENV)/.ready awaited ## Start a worker that runs what is scheduled (stays in the foreground; needs the server)
	$(BIN)/prefect worker start --pool $(POOL) --type process

deploy: $(VENV)/.ready awaited ## Register the deployments of prefect.yaml, and their work pool (needs the server)
	@$(BIN)/python flows/deployment/prefect_yaml.py
	$(BIN)/prefect work-pool create $(POOL) --type process --overwrite
	$(BIN)/prefect --no-prompt deploy --all

automations: $(VENV)/.ready awaited ## Let the server mark runs whose process has died (needs the server)
	-@$(BIN)/prefect --no-prompt automation delete wavecast-zombies >/dev/null 2>&1
	$(BIN)/prefect automation create --from-file flows/automations.yaml

lock: $(VENV)/.ready-dev ## Resolve the dependencies anew into requirements*.lock
	$(BIN)/uv pip compile pyproject.toml --extra build $(LOCK) -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra build --extra dev $(LOCK) -c requirements.lock -o requirements-dev.lock
LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header

clean: ## Remove the virtual environment and caches; runs are kept
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

# A stamp file for each of the two environments: made once, made again when the lock changes. The lock names everything,
# so pip is told to look no further (--no-deps); with extras in play its own resolver refuses a hashed lock.
$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Wavecast needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@echo "making the environment in $(VENV): it takes some minutes the first time ..."
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing $$(grep -c == requirements.lock) libraries from requirements.lock, their hashes checked ..."
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	@echo "installing what tests and checks need, from requirements-dev.lock ..."
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-dev.lock
	touch $@
