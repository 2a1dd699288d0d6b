.DEFAULT_GOAL := help

VENV_PYTHON := .venv/bin/python
LOCK := .venv/bin/uv pip compile --quiet pyproject.toml --extra dev --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --no-header -o requirements.lock

# With bytecode, whatever the person has set: to compile all of this anew in each process takes longer
# than half of the tests.
UNIT := env -u PYTHONDONTWRITEBYTECODE $(VENV_PYTHON) -m pytest tests/unit -n 2

# Recipe lines and not targets: in `test` they keep their order, also under make -j.
define LINT
$(VENV_PYTHON) -m ruff check
$(VENV_PYTHON) -m ruff format --check
$(VENV_PYTHON) -m mypy
git ls-files -z '*.sh' bin/setup .ci/run | xargs -0 shellcheck
endef

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: ready ## two sites over HTTPS on real hosts on this machine, and a rollout (root)
	$(VENV_PYTHON) -m tests.demo

.PHONY: demo-down
demo-down: venv ## remove what demo made
	$(VENV_PYTHON) -m tests.lab down --name demo

.PHONY: test
test: ready ## lint, unit tests, tests on real hosts (root)
	$(LINT)
	$(UNIT)
	$(VENV_PYTHON) -m pytest tests/e2e -m "not matrix and not alone" -n 2 --dist loadfile --no-loadscope-reorder --durations=30
	$(VENV_PYTHON) -m pytest tests/e2e -m "not matrix and alone"

.PHONY: unit
unit: venv ## unit tests alone: a minute or two, no root
	$(UNIT)

.PHONY: lint
lint: setup ## ruff, mypy and shellcheck
	$(LINT)

.PHONY: matrix
matrix: setup ## every case there is, hours (root; MATRIX_RESUME=1 goes on after a cut)
	$(VENV_PYTHON) -m pytest tests/e2e -m "matrix or sample" -n 2

.PHONY: scale
scale: setup ## what plans and rollouts over up to 1,000 hosts cost the controller: minutes (root)
	$(VENV_PYTHON) -m bench.scale

.PHONY: bench
bench: setup ## what the same work takes us and other tools, a quarter of an hour (root; BENCH="nothing=3" takes a part)
	$(VENV_PYTHON) -m bench.contest $(BENCH)

.PHONY: lock
lock: venv ## write requirements.lock anew (LOCK_FLAGS=--upgrade takes newer versions)
	$(LOCK) $(LOCK_FLAGS)

.PHONY: docs
docs: venv ## rewrite the generated table in docs/settings.md
	$(VENV_PYTHON) -m stack.settings

.PHONY: setup
setup: ## system packages and the virtual environment, where missing
	@bin/setup

# The virtual environment and the bases are made at the same time, where both are missing.
.PHONY: ready
ready: ## what setup does, and the root file systems of the lab's hosts (root)
	@bin/setup --packages
	@$(MAKE) --no-print-directory -j2 venv bases

.PHONY: bases
bases:
	@$${PYTHON:-python3} -m tests.lab bases

.PHONY: venv
venv: ## the virtual environment alone
	@bin/setup --venv

.PHONY: clean
clean: ## remove caches and the virtual environment
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
