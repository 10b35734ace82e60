# Two commands set everything up on a fresh Debian machine: `make serve` and `make test`.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
RELEASES ?= var/releases
PORT ?= 8080

.PHONY: install serve test check bench shapes lock clean

install: $(VENV)/installed

# the build tools come first, so that no package is built with tools that are not locked
$(VENV)/installed: requirements-build.lock requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/installed-test: $(VENV)/installed requirements-test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --require-hashes -r requirements-test.lock
	touch $@

serve: install
	$(BIN)/passerelle build --config data/demo/passerelle.toml --releases $(RELEASES) --reuse
	$(BIN)/passerelle serve --releases $(RELEASES) --port $(PORT)

test: $(VENV)/installed-test
	sh tests/system_packages.sh
	sh tests/browser/system_packages.sh
	$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n 2

check: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/installed-test
	sh tests/system_packages.sh
	sh tests/benchmarks/system_packages.sh
	$(BIN)/python -m pytest --override-ini addopts= --import-mode=importlib -s tests/benchmarks

# the application profiles, from the tables beside them; a test fails while they are not up to date
shapes: install
	$(BIN)/python -m passerelle.validation.credentials.profiles.generation

# `uv` resolves, pip installs; without its index address the locks are the same on every machine
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --no-header

lock: $(VENV)/installed
	$(BIN)/python -m pip install --quiet uv
	$(COMPILE) -o requirements.lock pyproject.toml
	$(COMPILE) --extra test --extra encoder -c requirements.lock -o requirements-test.lock pyproject.toml
	$(COMPILE) --extra encoder -c requirements-test.lock -o requirements-encoder.lock pyproject.toml
	printf 'editables\nhatchling\nsetuptools\nwheel\n' | $(COMPILE) -c requirements-test.lock -o requirements-build.lock -

clean:
	rm -rf $(VENV) var
