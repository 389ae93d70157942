.PHONY: run test lint bench bench-reading assets messages lock
run:
	./run
test:
	./test
lint:
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports && .venv/bin/djlint src --lint --quiet
bench:
	.venv/bin/python tools/bench
	.venv/bin/python tools/bench/intake.py
	.venv/bin/python tools/bench/photo.py
	.venv/bin/python tools/bench/imports.py
	.venv/bin/python tools/bench/mixed.py
	.venv/bin/python tools/bench/replay.py
	.venv/bin/python tools/bench/year.py
	.venv/bin/python tools/bench/tick.py
	.venv/bin/python tools/bench/documents.py
	.venv/bin/python tools/bench/kill.py
	.venv/bin/python tools/bench/assessment.py
bench-reading:
	.venv/bin/python tools/bench/reading.py $(GOLD) $(TEXT)
assets:
	.venv/bin/python tools/assets.py
messages:
	.venv/bin/python tools/messages.py update
lock:
	tools/lock.sh
