# `make run` starts the portal (PORT=8000, SANDBOX=1); `make test` runs all tests.
# Both install what they need into .venv; a second run finds it there.

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin

# Every one of our many processes would compile all it imports anew: twice the time of a start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run upgrade test faults bench screenshots lint types tools

help:
	@echo "make run    start the portal; Ctrl-C stops it (make run PORT=8010 for another port)"
	@echo "make upgrade  after a new version was fetched: back up, migrate, restart, check, say what changed"
	@echo "make test   install what the tests need and run all of them"
	@echo "make faults kill everything while calls come in: long (FAULT_CALLS=400 FAULT_OUTAGE=0)"
	@echo "make bench  measure everything at a small size (one of them: make bench BENCH='callers --people 20000')"
	@echo "make screenshots  take the pictures of the guides anew"
	@echo "make lint   check style and formatting"
	@echo "make types  check types"
	@echo "make audit  look for unsafe code, and for known faults of what is installed"

# `exec` and the id of make itself: when make is killed, the portal stops as well.
run: $(VENV)/installed
	@exec $(BIN)/python manage.py up --parent $$PPID

# Where the units of docs/deploy.md are installed: with their settings, as their account, restarted one
# web server after the other.
ifneq ($(wildcard /etc/systemd/system/patchbay-web@.service),)
AS_PORTAL := runuser -u patchbay -- env ENV_FILE=/etc/patchbay/env
RESTART := systemctl daemon-reload && systemctl restart patchbay-worker patchbay-beat \
	patchbay-web@a && systemctl restart patchbay-web@b
else
AS_PORTAL :=
RESTART := echo "Restart the portal now: stop make run with Ctrl-C and start it again."
endif

upgrade: $(VENV)/installed
	@$(BIN)/python -m compileall -q config connector journaling
	@$(AS_PORTAL) $(BIN)/python manage.py portal upgrade
	@$(RESTART)
	@$(AS_PORTAL) $(BIN)/python manage.py portal doctor --wait 60; code=$$?; \
	$(AS_PORTAL) $(BIN)/python manage.py portal changes; exit $$code

test: $(VENV)/installed-dev tools
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

faults: $(VENV)/installed-dev
	FAULT_CALLS=$(or $(FAULT_CALLS),5000) FAULT_CHATS=$(or $(FAULT_CHATS),500) \
	FAULT_OUTAGE=$(or $(FAULT_OUTAGE),300) FAULT_PAUSE=$(or $(FAULT_PAUSE),8) \
	FAULT_REQUESTS=$(or $(FAULT_REQUESTS),20000) \
	$(BIN)/python -m pytest -s tests/faults $(FAULTS)

bench: $(VENV)/installed-dev
	$(BIN)/python -m $(if $(BENCH),bench.$(BENCH),bench)

screenshots: $(VENV)/installed-dev tools
	$(BIN)/python -m tests.browser.screenshots docs/images

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-dev
	$(BIN)/mypy .

# The list of known faults is asked for over the network: without it this part says so and goes on.
audit: $(VENV)/installed-dev
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml config connector journaling manage.py
	@$(BIN)/pip-audit --progress-spinner off --disable-pip --no-deps --requirement requirements.txt \
		>$(VENV)/audit.txt 2>&1; code=$$?; grep -v "could not be audited" $(VENV)/audit.txt; \
	left=$$(grep -c "could not be audited" $(VENV)/audit.txt); \
	if grep -q "^Found" $(VENV)/audit.txt; then exit $$code; \
	elif ! grep -q "^No known" $(VENV)/audit.txt || [ "$$left" != 0 ]; then \
	echo "NOT every package was audited ($$left unknown): the list of known faults is not reachable from here."; fi

$(VENV)/installed: requirements.txt | $(BIN)/python
	@echo "Installing what the portal runs on"
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "Installing what the tests need"
	@$(call install,requirements-dev.txt)
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Patchbay needs Python 3.11 or later. Name one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip; ensurepip.version()' 2>/dev/null || { $(call apt,python3-venv); }
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) || \
		echo "uv is not to be had here; pip does its work, more slowly"

tools:
	@command -v chromium >/dev/null || { $(call apt,chromium); }
	@command -v msgfmt >/dev/null || { $(call apt,gettext); }

# Install a list of packages: with uv in seconds, else with pip in minutes.
install = $(BIN)/uv pip install --quiet --python $(BIN)/python -r $(1) 2>/dev/null || \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $(1)

# Install a package of the system where we may, else say what to type.
apt = if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	echo "Installing $(1) of the system"; export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -qq && apt-get install -qq --no-install-recommends $(1) >/dev/null; \
	else echo "$(1) is missing. Type: sudo apt-get install --no-install-recommends $(1)"; exit 1; fi
