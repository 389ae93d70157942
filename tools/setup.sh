# shellcheck shell=sh
# Sourced by run and test: a virtual environment, pinned packages, front-end assets, compiled texts.
# Each step leaves a stamp of what it was made from, and is skipped while that has not changed.

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$1"
    say "$2"
    exit 1
}

# Install Debian packages when that is possible, else say in both languages what is missing.
debian() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing $* …"
        { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@"; } >/dev/null 2>&1 ||
            fail "Could not install: $*" "无法安装:$*"
    else
        fail "Please install these packages first (as root: apt-get install $*)." "请先安装这些软件包(以 root 运行:apt-get install $*)。"
    fi
}

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            command -v "$name"
            return
        fi
    done
    return 1
}

stamp_of() { cat "$@" | sha256sum | cut -d' ' -f1; }

fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

setup_python() {
    python=$(find_python) || fail "Zijing needs Python 3.11 or newer." "紫荆需要 Python 3.11 或更新版本。"
    if [ ! -x .venv/bin/python ]; then
        "$python" -c 'import ensurepip, venv' 2>/dev/null || debian python3-venv
        "$python" -m venv .venv
    fi
    files="requirements/core.txt"
    [ -z "${ZIJING_DATABASE_URL:-}" ] || files="$files requirements/postgres.txt"
    [ "$1" != test ] || files="requirements/core.txt requirements/test.txt"
    # shellcheck disable=SC2086  # a list of files
    stamp=$(stamp_of requirements/bootstrap.txt pyproject.toml $files)
    fresh ".venv/stamp-$1" "$stamp" && return
    say "Installing Python packages …"
    [ -x .venv/bin/uv ] || .venv/bin/pip install -q --require-hashes -r requirements/bootstrap.txt
    # shellcheck disable=SC2046,SC2086  # a list of files
    .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes $(printf -- '-r %s ' $files)
    .venv/bin/uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation --editable .
    printf '%s' "$stamp" >".venv/stamp-$1"
}

setup_assets() {
    stamp=$(stamp_of package-lock.json)
    if ! fresh node_modules/.stamp "$stamp"; then
        say "Installing front-end libraries …"
        if ! command -v npm >/dev/null || ! node -e 'process.exit(+(process.versions.node.split(".")[0] < 18))'; then
            .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r requirements/node.txt
            PATH="$PWD/.venv/bin:$PATH"
        fi
        npm ci --ignore-scripts --silent
        printf '%s' "$stamp" >node_modules/.stamp
    fi
    .venv/bin/python tools/assets.py
}

setup_all() {
    setup_python "$@"
    setup_assets
    .venv/bin/python tools/messages.py compile
}
