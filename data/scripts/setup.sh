# SPDX-License-Identifier: MIT
# Sourced by ./run and ./test: installs what is missing and builds. Sets ROOT and BUILD.
set -eu

ROOT=$(cd "$(dirname "$0")" && pwd)
BUILD=${RONIN_BUILD:-$ROOT/build}
NODE_VERSION=20.20.2

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1; then sudo "$@"; else
        say "Some packages are missing, and installing them needs root. Run once as root, or install sudo."
        exit 1
    fi
}

# Names of the packages of the given stages, see data/packages.txt.
packages_of() {
    for stage in "$@"; do sed -n "s/^$stage: *\([^ ]*\).*/\1/p" "$ROOT/data/packages.txt"; done
}

# At least 20.19; of version 22, at least 22.12: what Vite runs on.
node_is_new_enough() {
    command -v npm >/dev/null 2>&1 && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1);
    ' 2>/dev/null
}

# Installs the packages of the given stages that are not there. Debian 12's own nodejs is too old
# for the web UI (18), so the newer one of the npm registry is fetched then, see install_node.
install_packages() {
    missing=
    for package in $(packages_of "$@"); do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    say "Installing:$missing"
    as_root env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing" >&2
}

install_node() {
    node_is_new_enough && return 0
    install_packages node
    node_is_new_enough && return 0
    say "Fetching Node.js 20 from the npm registry"
    case $(uname -m) in aarch64) arch=arm64 ;; *) arch=x64 ;; esac
    mkdir -p "$BUILD/node"
    (cd "$BUILD/node" && npm install --no-save --no-audit --no-fund --silent "node-linux-$arch@$NODE_VERSION" >&2)
    ln -sfn "node_modules/node-linux-$arch/bin" "$BUILD/node/bin"
    hash -r  # the shell remembers where the old one was
    node_is_new_enough || { say "Node.js 20.19 or later is needed for the web UI."; exit 1; }
}

# npm ci when the lock file is newer than what is installed.
npm_ci() {
    [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] && return 0
    say "Fetching the parts of ${1#"$ROOT/"}"
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error >&2)
}

# Changes of these files mean that packages or the configuration may have changed.
setup_key() {
    cat "$ROOT/data/packages.txt" "$ROOT/ui/package-lock.json" "$ROOT/data/scripts/setup.sh" | cksum
}

# setup_for STAGE...: packages, Node, npm, configured build folder. Each set of stages has a stamp
# of its own, so that ./run and ./test in turn do not set up each time.
setup_for() {
    mkdir -p "$BUILD"
    key=$(setup_key)
    stamp=$BUILD/.setup$(printf -- '-%s' "$@")
    PATH=$BUILD/node/bin:$PATH
    export PATH
    changed=
    [ "$(cat "$stamp" 2>/dev/null || true)" = "$key" ] || changed=yes
    if [ -n "$changed" ] || [ ! -d "$ROOT/ui/node_modules" ]; then
        install_packages "$@"
        install_node
        npm_ci "$ROOT/ui"
    fi
    if [ ! -f "$BUILD/build.ninja" ]; then
        say "Configuring the build"
        # CI: warnings are errors; no debug information and few large units, which saves time.
        options=
        [ -z "${RONIN_CI:-}" ] || options="-Dwerror=true -Ddebug=false -Dunity=on -Dunity_size=20"
        # shellcheck disable=SC2086
        meson setup "$BUILD" "$ROOT" $options >"$BUILD.log" 2>&1 || { tail -n 30 "$BUILD.log" >&2; exit 1; }
        mv "$BUILD.log" "$BUILD/setup.log"
    elif [ -n "$changed" ]; then
        # What has been installed since, such as GTest, is found only by configuring once more.
        say "Configuring the build again"
        meson setup --reconfigure "$BUILD" >"$BUILD/setup.log" 2>&1 || { tail -n 30 "$BUILD/setup.log" >&2; exit 1; }
    fi
    printf '%s' "$key" >"$stamp"
}

# build [TARGET...]: quiet when there is nothing to do. Without a name, ninja would take all tests, too.
build() {
    [ $# -gt 0 ] || set -- all
    say "Building (the first time takes some minutes)"
    ninja -C "$BUILD" "$@" >"$BUILD/build.log" 2>&1 || { tail -n 60 "$BUILD/build.log" >&2; exit 1; }
}
