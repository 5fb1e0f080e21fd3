# Every command a developer or an operator types. Each is a script in bin/.
PORT ?= 8000
SIZE ?= small
export PORT SIZE

.PHONY: run test check fmt faults bench screenshots demo-reset pins

run:            ## Install, migrate, load the demo on first start, serve on PORT until Ctrl-C
	@bin/run

test:           ## Checks, then the whole suite on SQLite, on PostgreSQL + Redis, and in a browser
	@bin/test

check:          ## Formatting, lint, layers, types, templates, migrations: seconds
	@bin/check

fmt:            ## Format the code and mend what ruff can mend
	@bin/install test && .venv/bin/python -m ruff format . && .venv/bin/python -m ruff check --fix .

faults:         ## Killed workers, lost messages, races: the slow safety tests alone
	@bin/test faults

bench:          ## Matching, tiers and hot paths against limits measured in the same run (SIZE=full: 800,000 customers, 100,000 partners)
	@bin/install test && { \
		missed=0; \
		for part in benchmarks/matching benchmarks/tiers benchmarks/run; do .venv/bin/python $$part || missed=1; done; \
		exit $$missed; \
	}

screenshots:    ## Every page at 1280 and 390 px, light and dark, into var/screenshots/
	@bin/install test && .venv/bin/python bin/screenshots

demo-reset:     ## Throw the demo away and load it afresh
	@bin/demo-reset

pins:           ## Pin what the requirements themselves need, in constraints.txt
	@bin/install test && .venv/bin/python -m uv pip compile --quiet --upgrade requirements-dev.txt -o constraints.txt
