# `make help` says what there is. Every target may be run again at any time.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test breaks check bench format screenshots lock

PYTHON ?= python3
WORKERS ?= 2
BIN := .venv/bin

# The environment is made anew when the pinned packages change: the stamp's name holds a
# checksum of them, since a file's time says nothing after a checkout.
RUNTIME := .venv/runtime-$(firstword $(shell cksum < requirements.txt))
DEVELOPMENT := .venv/development-$(firstword $(shell cksum < requirements-dev.txt))

# One line of progress instead of pip's pages, and all of pip's words when it fails.
define install
echo "Installing $$(grep -c '==' $(1)) pinned packages from $(1)"
$(BIN)/pip install --no-input --disable-pip-version-check --require-hashes -r $(1) 2>&1 \
    | tee .venv/install.log \
    | awk -v tty="$$(test -t 1 && echo 1 || true)" '\
        /^Collecting/ && tty { printf "\r  %3d  %-50s", ++seen, $$2; fflush() } \
        /^Installing collected/ { printf (tty ? "\r  %-55s\n" : "  %s\n"), "unpacking"; fflush() }' \
    || { cat .venv/install.log; exit 1; }
endef

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(RUNTIME) ## Prepare the database and serve the app (HOST=… PORT=…)
	@$(BIN)/flask prepare
	@exec $(BIN)/python app.py

test: $(DEVELOPMENT) ## Run every test (CHANGED=1: what the change touches; THOROUGH=1; PYTEST="-k words")
	@tests/support/install_tools.sh
	@# Without compiled files each worker spends half its start on rewriting asserts.
	@unset PYTHONDONTWRITEBYTECODE; \
	chosen=$$($(if $(CHANGED),$(BIN)/python -m tests.changed $(CHANGED:1=HEAD),echo tests)); \
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(if $(THOROUGH),--thorough) $(PYTEST) $$chosen

breaks: $(DEVELOPMENT) ## Break the code on purpose: do tests notice? (NAME="words" WORKERS=2)
	@tests/support/install_tools.sh
	@$(BIN)/python -m tests.breaks --workers $(WORKERS) $(NAME)

check: $(DEVELOPMENT) ## Format, lint, types, layers, migrations, templates, pins, budgets
	@$(BIN)/ruff format --check --quiet . || { echo "make format puts it right"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.support.checks
	@$(BIN)/python -m benchmarks.pages --budgets

bench: $(DEVELOPMENT) ## Measure: NAME=pages, sign_in, codes, recovery, growth, delivery, slow_senders, lighthouse
	@$(BIN)/python -m benchmarks.$(or $(NAME),pages) $(ARGUMENTS)

format: $(DEVELOPMENT) ## Put the layout of the Python files right
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

screenshots: $(DEVELOPMENT) ## Take a picture of every page into screenshots/
	@tests/support/install_tools.sh
	@$(BIN)/python -m tests.support.screens.screenshots

lock: $(DEVELOPMENT) ## Pin the packages of pyproject.toml anew (UPGRADE=1: newest)
	@$(PYTHON) -m venv .venv/lock
	@.venv/lock/bin/pip install --quiet --disable-pip-version-check uv
	@.venv/lock/bin/uv pip compile --quiet $(if $(UPGRADE),--upgrade) --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --strip-extras --python-version 3.11 \
	    --custom-compile-command "make lock" pyproject.toml -o requirements.txt
	@.venv/lock/bin/uv pip compile --quiet $(if $(UPGRADE),--upgrade) --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --strip-extras --python-version 3.11 \
	    --custom-compile-command "make lock" --extra dev -c requirements.txt \
	    pyproject.toml -o requirements-dev.txt
	@git diff --stat -- requirements.txt requirements-dev.txt

$(RUNTIME):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3 …"; exit 1; }
	@echo "Making the environment in .venv"
	@$(PYTHON) -m venv --clear .venv
	@$(call install,requirements.txt)
	@touch $@

$(DEVELOPMENT): | $(RUNTIME)
	@$(call install,requirements-dev.txt)
	@rm -f .venv/development-*
	@touch $@
