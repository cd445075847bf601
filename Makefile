# Every target sets up what it needs; docs/operations.md says what each setting means.
.DEFAULT_GOAL := help
.PHONY: help run dev test shots check bench

BROWSER ?= 1
ARGS ?=

help:
	@echo "make run      the portal with demo data, as in production, at http://localhost:8000/"
	@echo "make dev      the same with DEBUG on and a server that reads changed code again"
	@echo "make test     every test; BROWSER=0 leaves out those that need a browser, ARGS=... goes to pytest"
	@echo "make shots    pictures of every page of the walk, both widths and schemes, in build/shots"
	@echo "make check    style, types, templates, migrations, settings of a deployment"
	@echo "make bench    start time, memory, requests and mails a second, beside their floors"

run:
	@sh scripts/install run
	@DEMO=1 exec .venv/bin/python manage.py up

dev:
	@sh scripts/install dev
	@DEBUG=1 DEMO=1 exec .venv/bin/python manage.py up --dev

test:
	@sh scripts/install dev
	@BROWSER='$(BROWSER)' exec sh scripts/test $(ARGS)

shots:
	@sh scripts/install dev
	@SHOTS=1 exec sh scripts/test tests/browser/test_walk.py

check:
	@sh scripts/install dev
	@exec sh scripts/check

bench:
	@sh scripts/install dev
	@exec sh scripts/bench
