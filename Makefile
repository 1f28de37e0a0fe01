# Targets of the repository, a line each; `make help` prints them.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
UV ?= yes
# Tests of one file stay together; as many processes as a small machine has cores.
WORKERS ?= 2
PARALLEL := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
INSTALLER := $(if $(filter no,$(UV)),--pip)

# The name of a stamp contains the checksum of its sources: a changed, renamed or removed file is noticed without
# file times, and an unchanged tree costs a few milliseconds.
LOCK := .venv/.stamp-lock-$(firstword $(shell cksum requirements-dev.lock))
PROJECT := .venv/.stamp-project-$(firstword $(shell cksum pyproject.toml))
GENERATED := gen/.stamp-$(firstword $(shell find proto tools/generate.py requirements-dev.lock -type f | LC_ALL=C sort | xargs cksum | cksum))

.DEFAULT_GOAL := help
.PHONY: help setup proto demo up test unit coverage mutation chaos pairs simulate check bench images bundle cluster-install cluster-test wheels rule

help: ## what can be made, a line each
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(LOCK) $(PROJECT) $(GENERATED) ## .venv with the locked libraries, the onewindow command, gen/; nothing when nothing changed (UV=no: by pip alone)

proto: $(LOCK) ## gen/ anew from proto/
	@$(BIN)/python -m tools.generate && touch $(GENERATED)

demo: setup ## a hall year through the whole stack, beside the street's own report (ARGS='--months 3')
	@$(BIN)/onewindow demo $(ARGS)

up: setup ## the stack on this machine: PostgreSQL, NATS, four services, simulators
	@$(BIN)/onewindow up

test: setup ## all tests in two processes (WORKERS=4), or in one what ARGS names (ARGS='tests/unit/law -k pause')
	@$(BIN)/python -m pytest $(or $(ARGS),$(PARALLEL))

unit: setup ## tests that need no server (ARGS='tests/unit/law')
	@$(BIN)/python -m tools.unit_tests $(ARGS)

coverage: setup ## all tests with branch coverage for each package (ARGS='--files tests/unit', or --report for the last run)
	@$(BIN)/python -m tools.measures.coverage_report $(PARALLEL) $(ARGS)

mutation: setup ## changes to law/ and to the acts that touch dates, one at a time: which ones no test notices (ARGS='law.lamp*', or --again for survivors)
	@$(BIN)/python -m tools.measures.mutation $(ARGS)

chaos: setup ## a hall year with and without kills of services, district and NATS: no matter differs (ARGS='--months 6')
	@$(BIN)/python -m pytest tests/chaos -s $(ARGS)

pairs: setup ## every two acts on one matter at the same instant, against the whole stack (ARGS='--times 40 --kills 2')
	@$(BIN)/python -m pytest tests/pairs -s $(ARGS)

simulate: setup ## 10,000 random histories through the four services in one process each, on a seeded clock (ARGS='--seed 12 --shrink')
	@$(BIN)/python -m tests.simulate $(ARGS)

check: setup ## format, lint, types, contracts, budgets, words (ARGS=--fast for the quick half)
	@$(BIN)/python -m tools.check $(ARGS)

bench: setup ## lifecycles a second, beside an echo measured in the same minute
	@$(BIN)/onewindow bench lifecycle

images: setup ## the image by buildah or docker, as build/images/*.tar, with its bill of materials (BASE=image with Python 3.11)
	@$(BIN)/python -m tools.delivery.images $(if $(BASE),--base $(BASE))

bundle: images ## all that a place without internet needs, signed by KEY=file of a private key (POSTGRES_IMAGE=… NATS_IMAGE=… to add)
	@$(BIN)/python -m tools.delivery.bundle $(if $(KEY),--key $(KEY)) $(if $(POSTGRES_IMAGE),--image $(POSTGRES_IMAGE)) $(if $(NATS_IMAGE),--image $(NATS_IMAGE))

cluster-install: setup ## chart and deploy/dev into the cluster of KUBECONFIG, to a green helm test (IMAGE=… POSTGRES_IMAGE=… NATS_IMAGE=…)
	@$(BIN)/python -m tools.cluster.install $(if $(IMAGE),--onewindow $(IMAGE)) $(if $(POSTGRES_IMAGE),--postgres $(POSTGRES_IMAGE)) $(if $(NATS_IMAGE),--nats $(NATS_IMAGE))

cluster-test: setup ## install from nothing, kills, evictions, rotation, restore, upgrade, under load, on the cluster of KUBECONFIG (ARGS='-k install')
	@$(BIN)/python -m pytest tests/cluster -s $(ARGS)

wheels: setup ## deploy/wheels.json: each library's wheel for amd64 and arm64, as the index has them
	@$(BIN)/python -m tools.delivery.wheels

rule: setup ## where a rule lives and which test keeps it (Q='行政许可法 42', a reason, words of the screen)
	@$(BIN)/python -m tools.rule_search "$(Q)"

$(LOCK): requirements-dev.lock
	@$(PYTHON) -c 'import sys, venv; sys.exit(sys.version_info < (3, 11) and "onewindow needs Python 3.11 or newer, $(PYTHON) is " + sys.version.split()[0])'
	@echo "installing the locked libraries into .venv"
	@$(PYTHON) -m tools.environment libraries $(INSTALLER)
	@rm -f .venv/.stamp-lock-* && touch $@

$(PROJECT): $(LOCK)
	@$(PYTHON) -m tools.environment project $(INSTALLER)
	@rm -f .venv/.stamp-project-* && touch $@

$(GENERATED): $(LOCK)
	@$(BIN)/python -m tools.generate
	@touch $@
