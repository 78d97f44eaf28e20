# Shared by the commands in bin/: a virtual environment that needs nothing but python3.

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

seconds_since() { echo "$(($(date +%s) - $1)) s"; }

# A Python of at least 3.11; $PYTHON names another one than the system's.
find_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    fail "TAME needs Python 3.11 or newer. On Debian: sudo apt install python3 python3-venv"
}

# Makes .venv, unless it is there and whole.
make_venv() {
    if .venv/bin/python -c 'import pip' 2>/dev/null; then
        return
    fi
    python=$(find_python)
    began=$(date +%s)
    rm -rf .venv
    if ! "$python" -m venv .venv >/dev/null 2>&1; then
        rm -rf .venv
        { "$python" -m venv --without-pip .venv && bring_pip; } 2>/dev/null || {
            rm -rf .venv
            fail "This Python comes without pip. On Debian: sudo apt install python3-venv"
        }
    fi
    say "Made .venv with $("$python" --version) ($(seconds_since "$began"))"
}

# pip for a Python without ensurepip, from the distribution's own wheel, without root.
bring_pip() (
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    wheel=$(find_wheel /usr)
    if [ -z "$wheel" ]; then
        unpack_wheel "$folder" >/dev/null
        wheel=$(find_wheel "$folder/usr")
    fi
    .venv/bin/python "$wheel/pip" install --quiet --no-index --no-deps "$wheel"
)

find_wheel() { find "$1/share/python-wheels" -name 'pip-*.whl' 2>/dev/null | sort | tail -n 1; }

# The package lists of the system, or, where it has none, lists of our own.
unpack_wheel() {
    mkdir -p "$1/lists/partial" "$1/cache"
    (
        cd "$1"
        apt-get download python3-pip-whl || {
            set -- -o "Dir::State::Lists=$1/lists" -o "Dir::Cache=$1/cache" \
                -o Debug::NoLocking=true -o "APT::Sandbox::User=$(id -un)"
            apt-get "$@" update && apt-get "$@" download python3-pip-whl
        }
        dpkg-deb -x python3-pip-whl_*.deb .
    )
}

# Unpacks a qBittorrent for $1, unless there is one on PATH or in .tools.
bring_qbittorrent() {
    if command -v qbittorrent-nox >/dev/null || ls .tools/qbittorrent/*/qbittorrent-nox >/dev/null 2>&1; then
        return
    fi
    say "There is no qbittorrent-nox here; it is unpacked from Debian's packages into .tools"
    .venv/bin/python bin/get-qbittorrent trixie ||
        fail "$1 needs a qBittorrent. On Debian: sudo apt install qbittorrent-nox"
}

# Installs a requirements file; does nothing until the file or the Python changes.
install_packages() {
    mark=".venv/installed-$1"
    wanted="$(cksum <"$1") $(readlink -f .venv/bin/python || true)"
    if [ -x .venv/bin/python ] && [ "$(cat "$mark" 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    make_venv
    began=$(date +%s)
    .venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
        --root-user-action=ignore -r "$1" ||
        fail "The packages of $1 were not installed; the lines above say why. Then try again."
    printf '%s' "$(cksum <"$1") $(readlink -f .venv/bin/python)" >"$mark"
    say "Installed the packages of $1 ($(seconds_since "$began"))"
}
