# Everything sets itself up: a machine needs Python 3.11+, git and make.

UV_VERSION := 0.9.0
TOOLS := .venv/tools
UV := $(shell command -v uv 2>/dev/null || echo $(TOOLS)/bin/uv)
RUN := $(UV) run --frozen --no-sync
STAMP := .venv/.synced
JOBS ?= 4

.PHONY: demo run check test lint format bench messages picture clean help

help:  ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: $(STAMP)  ## an incident to live through, on this machine, with no account
	@$(RUN) nabat demo

run: $(STAMP)  ## the bot, from .env
	@$(RUN) nabat run

check: $(STAMP)  ## a doctor: settings, plan, roster, Redis, Telegram, metrics
	@$(RUN) nabat check

test: $(STAMP)  ## all tests, in parallel, with branch coverage
	@$(RUN) pytest -n $(JOBS) -m "not bench" --cov --cov-report=term -rs tests
	@$(RUN) coverage report --include='bot/domain/*' --fail-under=100 >/dev/null || \
	  { echo 'bot/domain must be covered to the last branch:'; $(RUN) coverage report --include='bot/domain/*'; exit 1; }
	@$(RUN) coverage report --fail-under=95 >/dev/null || { echo 'coverage is below 95 %'; exit 1; }

lint: $(STAMP)  ## ruff, pyright strict, import rules
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) pyright
	@$(RUN) lint-imports

format: $(STAMP)  ## let ruff format and mend what it can
	@$(RUN) ruff check --fix .
	@$(RUN) ruff format .

bench: $(STAMP)  ## measure: a table with a floor or a rival in the same run
	@$(RUN) pytest -m bench -s -n 0 --timeout 0 tests/bench

messages: $(STAMP)  ## bring the translations in step with the sentences in the code
	@$(RUN) python -m bot.views.sync_catalogues

picture: $(STAMP)  ## the card of README.md, photographed anew
	@$(RUN) python docs/picture.py

clean:  ## forget the environment and what tests left
	rm -rf .venv .coverage* .ruff_cache .hypothesis .import_linter_cache

$(STAMP): pyproject.toml uv.lock
	@test -x "$$(command -v $(UV))" || { python3 -m venv $(TOOLS) && $(TOOLS)/bin/pip install -q 'uv>=$(UV_VERSION)'; }
	@$(UV) sync --frozen -q --compile-bytecode  # halves a start where Python may not keep what it compiled
	@$(RUN) python -m compileall -q bot handlers
	@touch $@
