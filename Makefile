# Every command that a person or a machine gives here. `make` alone lists them.
# make PYTHON=/path/to/python3.12 ... takes that interpreter instead of the first one that is new enough.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory
export PYTHON

IN := .venv/bin
PYTEST := $(IN)/python -m pytest --numprocesses auto --dist worksteal

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ground ## Build the tool that specs/log-levels.yaml describes, then run it on a sample log
	@.ci/demonstrate log-levels --top 3 .ci/sample.log

test: lint types floors ## Check style, types and floors, then run the quick tests
	@$(PYTEST) -m "not slow"

test-slow: ground ## Run the slow tests: whole builds and storms
	@$(PYTEST) -m slow

test-all: lint types floors ## Check everything, and run every test
	@$(PYTEST)

test-peers: ground ## Run the engine against servers that others wrote, and diagrams through Mermaid (needs npm and a network)
	@folder=$$(mktemp -d) && trap "rm -rf $$folder" EXIT && npm install --silent --no-audit --no-fund --prefix $$folder @copilotkit/aimock@1.43.0 mountebank@2.9.1 mermaid@11.17.2 jsdom@29.1.1 && PEERS=$$folder $(IN)/python -m pytest --numprocesses 0 tests/peers

test-forge: ground ## Hold every request to GitHub against GitHub's own descriptions (needs npm and a network)
	@folder=$$(mktemp -d) && trap "rm -rf $$folder" EXIT && npm install --silent --no-audit --no-fund --prefix $$folder @octokit/openapi@23.0.2 @octokit/graphql-schema@15.26.1 @stoplight/prism-cli@5.16.0 && PEERS=$$folder $(IN)/python -m pytest --numprocesses 0 tests/forge

test-actions: ground ## Run the real workflows under act, against a remote and a GitHub API on this machine
	@$(PYTEST) tests/actions

lint-workflows: ground ## Check the workflows with zizmor and GitHub's schemas
	@$(IN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(IN)/check-jsonschema --quiet --builtin-schema vendor.github-actions .github/actions/*/action.yml
	@$(IN)/zizmor --quiet --offline --strict-collection .github && echo "The workflows are right."

lint: ground ## Check style and format
	@$(IN)/ruff check --quiet && $(IN)/ruff format --quiet --check && echo "Style and format are right."

types: ground ## Check types
	@$(IN)/mypy

floors: ground ## Check that imports go only downward
	@$(IN)/lint-imports

format: ground ## Format the code, and mend what can be mended by rule
	@$(IN)/ruff check --quiet --fix-only && $(IN)/ruff format

bench: ground ## Measure the offline engine on its own suite
	@$(IN)/python -m toolbuilder.synthesis.benchmark tests/synthesis/data/*.jsonl

bench-synthesis: SUITES ?= $(or $(wildcard ../shared/benchmarks/*.jsonl),$(wildcard tests/synthesis/data/*.jsonl))
bench-synthesis: ground ## Measure the offline engine on task files: make bench-synthesis SUITES="FILE.jsonl ..."
	@$(IN)/python -m toolbuilder.synthesis.benchmark $(SUITES)

bench-latency: ground ## Measure whole builds against a server that takes 7.5 seconds a call (LATENCY=7.5)
	@$(IN)/python -m tests.latency $(LATENCY)

bench-plan: ground ## Measure the plan of 250, 500 and 1,000 specs
	@$(IN)/python -m tests.plan_benchmark

lock: ground ## Renew both locks from pyproject.toml (make lock UPGRADE=1 takes the newest of everything)
	@.ci/lock $(if $(UPGRADE),--upgrade)

ground: ## Make .venv what requirements.lock says, and install bubblewrap where that is allowed
	@.ci/ground

clean: ## Remove what these commands made, save branches
	@rm -rf .venv .ground-* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage build dist
	@find toolbuilder tests -name __pycache__ -prune -exec rm -rf {} +

.PHONY: help run test test-slow test-all test-peers test-forge test-actions lint-workflows lint types floors format bench bench-synthesis bench-plan bench-latency lock ground clean
