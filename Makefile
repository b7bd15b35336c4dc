# make run | test | quick | verify | facts | lint | bundle | bench | pictures: each sets up what it needs in .venv (.venv-verify) first;
# lint, where there is npm, and bundle also in node_modules.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VERIFY := .venv-verify
PORT ?= 8501
# Kept even where the surroundings forbid it: the tests begin many processes, and each would compile everything anew.
export PYTHONDONTWRITEBYTECODE :=
NODE_20 := node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2> /dev/null

.PHONY: run test quick verify facts lint lint-node bundle bench pictures chromium
run: $(VENV)/run.stamp
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: $(VENV)/dev.stamp chromium
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# Under a minute: no browser, no page run whole, no settings by the hundred.
quick: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not browser and not thorough and not verify"

# What `make test` skips: the real torch, keras and optax, and nginx, which Debian's apt installs if this is root.
verify: $(VERIFY)/stamp
	$(VERIFY)/bin/python tests/chromium.py
	CI=true $(VERIFY)/bin/python -m pytest -n 2 --dist loadfile -m verify

# Run the schedules' code in the real libraries and record what it gives.
facts: $(VERIFY)/stamp
	$(VERIFY)/bin/python tests/verify/record.py

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@if $(NODE_20) && $(MAKE) -s node_modules/stamp; then $(MAKE) -s lint-node; else echo "Left out, for want of Node 20 and npm: pyright, tsc, Biome"; fi

lint-node:
	node_modules/.bin/pyright --pythonpath $(BIN)/python
	node_modules/.bin/biome ci
	node_modules/.bin/tsc

# The browser files that an exported page carries, as one script.
bundle: node_modules/stamp
	node tools/bundle.mjs

# The exact versions of package-lock.json.
node_modules/stamp: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

bench: $(VENV)/dev.stamp chromium
	$(BIN)/python -m benchmarks

pictures: $(VENV)/dev.stamp chromium
	$(BIN)/python tests/pictures.py

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "lrviz needs Python 3.11 or newer, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp

$(VERIFY)/bin/python: | $(BIN)/python
	$(BIN)/python -m venv $(VERIFY)

$(VERIFY)/stamp: requirements-verify.txt requirements-dev.txt requirements.txt | $(VERIFY)/bin/python
	$(VERIFY)/bin/pip install --quiet --disable-pip-version-check -r requirements-verify.txt
	@touch $@

chromium: $(VENV)/dev.stamp
	@$(BIN)/python tests/chromium.py
