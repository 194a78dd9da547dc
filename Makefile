# `make run` and `make test` do all the set-up they need. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

CARGO ?= cargo
NPM ?= npm
TARGET := $(or $(CARGO_TARGET_DIR),target)
VENV := .cache/venv
export TOCSIN_TEST_PYTHON ?= $(CURDIR)/$(VENV)/bin/python

.PHONY: help run build frontend dev test test-setup fmt lint test-rust test-frontend test-browser bench docs clean

help: ## Lists what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: build ## Builds everything and starts the server on http://127.0.0.1:8080 (development profile)
	$(TARGET)/release/tocsin serve

build: frontend ## Leaves the release binary, pages embedded, at target/release/tocsin
	$(CARGO) build --release --bin tocsin

frontend: frontend/dist/index.html ## Builds the pages into frontend/dist

frontend/node_modules/.installed: frontend/package.json frontend/package-lock.json
	cd frontend && $(NPM) ci --no-audit --no-fund
	touch $@

FRONTEND_SOURCES := $(shell find frontend -type f -not -path 'frontend/node_modules/*' -not -path 'frontend/dist/*' 2>/dev/null)
frontend/dist/index.html: frontend/node_modules/.installed $(FRONTEND_SOURCES)
	cd frontend && $(NPM) run build
	touch $@

test: test-setup fmt lint test-rust test-frontend test-browser ## Everything that CI runs

test-setup: $(VENV)/.installed frontend/node_modules/.installed ## Installs what the tests need, where it is missing
	@deploy/test-setup.sh

$(VENV)/.installed: tests/python/requirements.txt deploy/test-setup.sh
	@deploy/test-setup.sh
	python3 -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/python/requirements.txt
	touch $@

fmt:
	$(CARGO) fmt --all --check

lint:
	$(CARGO) clippy --workspace --all-targets -- -D warnings

test-rust: $(VENV)/.installed frontend ## Unit tests and whole flows
	$(CARGO) test --workspace

test-frontend: frontend/node_modules/.installed frontend ## Types, style and logic of the pages
	cd frontend && $(NPM) run check && $(NPM) test

test-browser: frontend ## The pages in a real browser against a real server
	$(CARGO) build --bin tocsin --examples
	cd frontend && TOCSIN_BIN=$(abspath $(TARGET))/debug/tocsin $(NPM) run e2e

PEERS := benches/speed/chat/peers benches/speed/exports/peers
PEERS_INSTALLED := $(PEERS:%=%/node_modules/.installed)
$(PEERS_INSTALLED): %/node_modules/.installed: %/package.json %/package-lock.json
	cd $* && $(NPM) ci --no-audit --no-fund
	touch $@

BENCH_VENV := .cache/bench-venv
export TOCSIN_BENCH_PYTHON ?= $(CURDIR)/$(BENCH_VENV)/bin/python
$(BENCH_VENV)/.installed: benches/speed/exports/peers/requirements.txt deploy/test-setup.sh
	@deploy/test-setup.sh
	python3 -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

bench: frontend $(PEERS_INSTALLED) $(BENCH_VENV)/.installed ## Speed, beside a peer in the same run; `make bench ONLY=latency` runs one part
	$(CARGO) bench --bench speed -- $(ONLY)

docs: ## Writes docs/openapi.json, docs/configuration.md and the types of the pages anew
	UPDATE_OPENAPI=1 $(CARGO) test --quiet --lib the_written_description
	$(CARGO) run --quiet --bin tocsin -- config docs > docs/configuration.md.new
	mv docs/configuration.md.new docs/configuration.md
	cd frontend && $(NPM) run types

clean:
	$(CARGO) clean
	rm -rf frontend/dist frontend/node_modules $(PEERS:%=%/node_modules) .cache
