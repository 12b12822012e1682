# The commands of this project. Each sets up what it needs first; "make help" lists them.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# The environment of a site in public, for Django's deployment checks: no name in it leads anywhere.
PUBLIC_SITE = POSTFIX_DYNAMODB_TABLE=tacomail TACOMAIL_MAIL_BUCKET=mail TACOMAIL_SITE_URL=https://aliases.example.com \
	DJANGO_ALLOWED_HOSTS=aliases.example.com DJANGO_SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')

.DEFAULT_GOAL := help
.PHONY: help setup system-packages run mail test lint types check messages bench screenshots pins clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: $(STAMP) ## make .venv with everything in it

$(STAMP): requirements/dev.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "tacomail needs Python 3.11: install it, or name it with 'make PYTHON=/path/to/python3.11 ...'"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	@touch $@

system-packages: ## install what some tests use beside Python: Dovecot, Chromium (Debian, as root; else a hint)
	@scripts/system-packages

run: $(STAMP) ## start everything on this machine: site on 8000, SMTP on 2525
	$(BIN)/python manage.py runlocal

mail: $(STAMP) ## send a sample message to the running system
	$(BIN)/python manage.py sendsample

test: $(STAMP) system-packages ## run all tests, a file at a time on each core
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

lint: $(STAMP) ## ruff, and the size limits
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python scripts/sizes.py

types: $(STAMP) ## mypy, strict
	$(BIN)/mypy

check: lint types ## everything that must hold before a change lands: lint, types, system checks, all tests
	DJANGO_DEBUG=1 $(BIN)/python manage.py check --fail-level WARNING
	$(PUBLIC_SITE) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(MAKE) test

messages: $(STAMP) system-packages ## bring locale/ up to date with the strings of the program, and compile it
	$(BIN)/python scripts/messages.py

bench: $(STAMP) ## print the table of docs/benchmarks.md
	$(BIN)/python -m tests.bench

screenshots: $(STAMP) ## take pictures of the site into build/screenshots/, and those of README into docs/screenshots/
	$(BIN)/python -m tests.browser.screenshots

pins: $(STAMP) ## renew requirements/*.txt from pyproject.toml
	scripts/pins

clean: ## remove what the commands above made, except var/
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build
