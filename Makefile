# The verbs of this house. `make` alone prints them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made
LAB_ARGS ?=

# Nothing started from here ever reaches a paid host, whatever tokens the machine holds.
export IPYDARKROOM_LOCAL = 1
export IPYDARKROOM_SPENDING = off
# The default package, although the tests bring the other one too; see `unit`.
export IPYDARKROOM_HTTP = httpx

.PHONY: help lab test check unit scores doses notebooks pages browser docs images matrix reliability bench clean

help:  ## print the verbs
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml scripts/make_environment.py
	@$(PYTHON) scripts/make_environment.py $(VENV)
	@touch $(STAMP)

# The same quiet first screen and the same notebook as on Binder, also in the address printed for `--no-browser`.
lab: $(STAMP)  ## open JupyterLab on the first notebook; everything is drawn on this machine
	JUPYTER_CONFIG_PATH=$(CURDIR)/binder $(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB_ARGS)

test: check unit scores doses notebooks pages browser  ## run everything: lint, types, contracts, unit, fault, notebook, page and browser tests

check: $(STAMP)  ## ruff, mypy and the import contracts
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

unit: $(STAMP)  ## unit tests and house rules; the door to HTTP on httpx and on httpx2
	IPYDARKROOM_HTTP=httpx $(BIN)/pytest -n 2 tests/unit tests/house
	IPYDARKROOM_HTTP=httpx2 $(BIN)/pytest tests/unit/test_transport.py tests/unit/test_engine.py

scores: $(STAMP)  ## print how many saved pages and suite cases are read right
	@$(BIN)/python scripts/scores.py

doses: $(STAMP)  ## a small dose of every reliability harness, bad clients included
	$(BIN)/pytest -n 2 --dist loadfile tests/reliability

notebooks: $(STAMP)  ## execute every notebook on the local backend
	$(BIN)/pytest -n 2 tests/notebooks

pages: $(STAMP)  ## run every code block of README and docs on the local backend, and build the site
	$(BIN)/pytest -n 2 --dist loadfile tests/docs

browser: $(STAMP)  ## drive real JupyterLab in headless Chromium
	$(BIN)/python scripts/find_browser.py --get
	$(BIN)/pytest -n 2 --dist loadfile tests/browser

# MkDocs is asked to be strict: a broken link ends the build. The variable silences an advertisement for its successors.
docs: $(STAMP)  ## build the documentation as a site, in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "site/index.html is built; look at it with: $(BIN)/mkdocs serve"

images: $(STAMP)  ## renew the pictures of the README from the browser tests' own screenshots
	$(BIN)/python scripts/find_browser.py --get
	$(BIN)/pytest --basetemp=/tmp/darkroom tests/browser/test_panel_in_lab.py tests/browser/test_history_in_lab.py
	$(BIN)/python scripts/renew_images.py

matrix: $(STAMP)  ## thread and persistence tests on ipykernel 6.31, 7.0.1, 7.1 and newest; makes .matrix/
	$(BIN)/python scripts/find_browser.py --get
	$(BIN)/python scripts/kernel_matrix.py

reliability: $(STAMP)  ## every harness in full, about half an hour; writes docs/reliability.md
	$(BIN)/python tests/reliability/run_all.py --write-docs

bench: $(STAMP)  ## measure; prints one JSON line per figure
	for script in painters schemas panel forms clients; do $(BIN)/python benchmarks/$$script.py || exit 1; done

clean:  ## remove the environment and everything tests leave behind
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis tests/browser/shots .matrix dist site
