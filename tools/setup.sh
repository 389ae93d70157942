# shellcheck shell=sh
# Sourced by run, test and .ci/run: a virtual environment, pinned packages, front-end assets, compiled texts.
# Each step leaves a stamp of what it was made from, and is skipped while that has not changed.

# Some machines forbid compiled modules; then every start would compile all of Django anew, which takes seconds.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$1"
    say "$2"
    exit 1
}

# Install Debian packages when that is possible, else say in both languages what is missing.
debian() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        fail "Please install these packages first (as root: apt-get install $*)." "请先安装这些软件包(以 root 运行:apt-get install $*)。"
    fi
    say "Installing $* …"
    export DEBIAN_FRONTEND=noninteractive
    apt="apt-get -qq -o DPkg::Lock::Timeout=120"
    # shellcheck disable=SC2086  # a command with its options
    said=$({ $apt update && $apt install -y --no-install-recommends "$@"; } 2>&1 </dev/null) || {
        say "$said"
        fail "Could not install: $*" "无法安装:$*"
    }
}

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

stamp_of() { cat "$@" | sha256sum | cut -d' ' -f1; }

fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# The programs in .venv name their folder: one that was moved, interrupted or has lost its Python is made anew.
make_venv() {
    place="$PWD $(stamp_of requirements/bootstrap.txt)"
    if fresh .venv/stamp-place "$place" && .venv/bin/python -c '' 2>/dev/null; then return; fi
    python=$(find_python) || fail "Zijing needs Python 3.11 or newer." "紫荆需要 Python 3.11 或更新版本。"
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        debian "$("$python" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info))')"
    "$python" -m venv --clear .venv
    .venv/bin/python -m pip install -q --require-hashes -r requirements/bootstrap.txt
    printf '%s' "$place" >.venv/stamp-place
}

# uv does not read pip's settings, where a mirror nearby is usually named.
install() {
    if [ -z "${UV_DEFAULT_INDEX:-}" ]; then
        mirror=${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)}
        [ -z "$mirror" ] || export UV_DEFAULT_INDEX="$mirror"
    fi
    .venv/bin/uv pip install -q --python .venv/bin/python "$@"
}

setup_python() {
    make_venv
    files=requirements/core.txt
    [ -z "${ZIJING_DATABASE_URL:-}" ] || files="$files requirements/postgres.txt"
    [ "$1" != test ] || files="requirements/core.txt requirements/test.txt"
    # shellcheck disable=SC2086  # a list of files
    stamp=$(stamp_of pyproject.toml $files)
    fresh ".venv/stamp-$1" "$stamp" && return
    say "Installing Python packages …"
    # shellcheck disable=SC2046,SC2086  # a list of files
    install --require-hashes $(printf -- '-r %s ' $files)
    install --no-deps --no-build-isolation --editable .
    printf '%s' "$stamp" >".venv/stamp-$1"
}

setup_assets() {
    stamp=$(stamp_of package-lock.json)
    if ! fresh node_modules/.stamp "$stamp"; then
        say "Installing front-end libraries …"
        if ! command -v npm >/dev/null || ! node -e 'process.exit(+(process.versions.node.split(".")[0] < 18))'; then
            install --require-hashes -r requirements/node.txt
            PATH="$PWD/.venv/bin:$PATH"
        fi
        npm ci --ignore-scripts --loglevel=error >/dev/null
        printf '%s' "$stamp" >node_modules/.stamp
    fi
    .venv/bin/python tools/assets.py
}

# PDFs need Chinese fonts. The office starts without them: a PDF then says what to install.
setup_fonts() {
    wanted=$(.venv/bin/python -c 'from zijing.documents.layout import faces; print(*faces.wanted())')
    [ -n "$wanted" ] || return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        say "For PDFs of official documents, install once (as root): apt-get install $wanted"
        say "要生成公文 PDF，请安装字体（以 root 运行）：apt-get install $wanted"
        return 0
    fi
    # shellcheck disable=SC2086  # a list of packages; in a shell of its own, for debian ends where it fails
    (debian $wanted) || say "Going on without these fonts: PDFs cannot be made. 缺少字体，无法生成 PDF，其余功能不受影响。"
}

setup_all() {
    setup_python "$@"
    setup_assets
    setup_fonts
    .venv/bin/python tools/messages.py compile
}
