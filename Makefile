# Two commands: `make demo` shows the portal with the Network's real record; `make test` checks everything.
# All names are relative, so that the folder may have spaces in its path.

PORT ?= 8000
HOST ?= 127.0.0.1
python := .venv/bin/python
manage := @$(python) manage.py
install := $(python) -m pip --disable-pip-version-check --quiet --quiet install --require-hashes --no-deps
lock := uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-header --no-annotate

.PHONY: help demo test bench fuzz environment port-is-free static format lock update
.NOTPARALLEL:
.DELETE_ON_ERROR:

help:
	@echo "make demo [PORT=8000]   the portal on this machine, with the Network's real record"
	@echo "make test               every check: style, tests on SQLite and PostgreSQL, tests in Chromium"
	@echo "make bench              how well and how fast the search finds (SIZES=\"1000 10000 100000\" CORPUS=folder)"
	@echo "make fuzz               random requests to every address as every role (N=10000 SEED=1; REQUEST='{…}' sends one again)"
	@echo "make format             the code laid out as make test wants it"
	@echo "make lock               requirements/*.txt anew from pyproject.toml (needs uv)"
	@echo "make update             the same with the newest releases that pyproject.toml allows"

demo: export SITE_URL = http://localhost:$(PORT)
demo: port-is-free .venv/run-installed var/secret-key
	@SECRET_KEY="$$(cat var/secret-key)" $(MAKE) --no-print-directory serve

.PHONY: serve
serve:
	@echo "Database: tables"
	$(manage) migrate --verbosity 0
	@echo "Database: the Network's record"
	$(manage) seed
	@echo "Database: what is only for the demonstration"
	$(manage) demo
	@echo "Search: the index anew"
	$(manage) reindex --verbosity 0
	@$(MAKE) --no-print-directory static
	@echo "Server: starting"
	@$(python) requirements/port announce '$(PORT)' & exec $(python) manage.py supervise --host '$(HOST)' --port '$(PORT)'

port-is-free:
	@python=$$(PYTHON='$(PYTHON)' requirements/find-python) && "$$python" requirements/port free '$(PORT)'

# Signs sessions and links: made once, readable by its owner only, never kept in the repository.
var/secret-key:
	@mkdir -p var
	@umask 077 && $(python) -c 'import secrets; print(secrets.token_urlsafe(50))' > $@

# The stamp is older than a folder from which a file was taken away, too.
static:
	@if [ ! -e var/static/.collected ] || \
	  [ -n "$$(find rifess/static rifess/static_storage.py requirements/run.txt -newer var/static/.collected)" ]; then \
	  echo "Style sheets, scripts and icons: collecting and compressing" && \
	  $(python) manage.py collectstatic --noinput --verbosity 0 && touch var/static/.collected; \
	fi

test: environment
	@$(python) -m tests.run

bench: environment
	@$(python) -m tests.bench $(SIZES) $(if $(CORPUS),--corpus '$(CORPUS)')
	@$(python) -m tests.throwaway_postgres $(python) -m tests.bench $(SIZES) $(if $(CORPUS),--corpus '$(CORPUS)')

fuzz: environment
	@$(python) -m tests.fuzz
	@$(python) -m tests.throwaway_postgres $(python) -m tests.fuzz

format: environment
	@$(python) -m ruff check --fix --quiet . ; $(python) -m ruff format .

environment: .venv/run-installed .venv/dev-installed

.venv/pyvenv.cfg:
	@python=$$(PYTHON='$(PYTHON)' requirements/find-python) && \
	  echo "Environment: .venv, with $$python" && "$$python" -m venv --clear .venv

.venv/run-installed: .venv/pyvenv.cfg requirements/run.txt
	@echo "Packages: what the portal runs on (half a minute the first time)"
	@$(install) -r requirements/run.txt
	@touch $@

.venv/dev-installed: .venv/run-installed requirements/dev.txt
	@echo "Packages: what the tests need (half a minute the first time)"
	@$(install) -r requirements/dev.txt
	@touch $@

lock:
	$(lock) pyproject.toml -o requirements/run.txt
	$(lock) -c requirements/run.txt --group dev -o requirements/dev.txt
	$(lock) -c requirements/run.txt --group redis -o requirements/redis.txt

update:
	@$(MAKE) --no-print-directory lock lock='$(lock) --upgrade'
