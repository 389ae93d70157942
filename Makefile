.PHONY: run test lint bench messages
run:
	./run
test:
	./test
lint:
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports
bench:
	.venv/bin/python tools/bench.py
messages:
	.venv/bin/python tools/messages.py update
