# The README's commands. Each makes its own virtual environment and installs what it needs.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# Many tests wait for a device's deadline: twice as many processes as cores.
CORES ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() or 1)')
WORKERS ?= $(shell $(PYTHON) -c 'print(2 * $(CORES))')
# Hundreds of processes are started by the tests: each would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check lint clean

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,tables,parquet,figures,pdf,uecap,ics,history,serve,cells]'
	touch $@

# The Mi MIX 2 of 2017 against AT&T then and now: it fails two bands of today, so the run's status is 1.
demo: $(VENV)/.installed
	$(BIN)/python -m pytest --device=fixture:xiaomi-mi-mix-2-global --carrier=us/att@2017-03 --carrier=us/att \
	  || [ $$? -eq 1 ]

# Many hold deadlines and delays: what failed once must pass alone, and what else ended the run is no pass.
ALONE = [ $$? -eq 1 ] && $(BIN)/python -m pytest -q --last-failed --last-failed-no-failures none
test: $(VENV)/.installed
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal --ignore=tests/matrix --ignore=tests/serve --ignore=tests/probes/test_linear.py \
	  || { $(ALONE); }
	$(BIN)/python -m pytest -q -n $(CORES) --dist worksteal tests/probes/test_linear.py   # it holds how costs grow
	$(BIN)/python -m pytest -q tests/matrix tests/serve || { $(ALONE); }   # they hold costs and delays: nothing runs beside them

# What a developer runs between commits.
check: lint
	$(BIN)/python -m pytest -q -m "not slow" -n $(WORKERS) -p no:cacheprovider

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV) build dist
