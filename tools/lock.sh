#!/bin/sh
# Pin requirements/*.in anew, with hashes and for every system; --upgrade takes newer versions.
# Without the settings of this machine: what they name must not get into the repository.
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."

# In this order: the later ones are held to the versions of the earlier.
for name in bootstrap node core postgres test; do
    env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL -u UV_FIND_LINKS -u UV_EXTRA_INDEX_URL \
        .venv/bin/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header \
        --no-emit-index-url --no-emit-find-links --no-emit-build-options "$@" \
        --output-file "requirements/$name.txt" "requirements/$name.in"
done
