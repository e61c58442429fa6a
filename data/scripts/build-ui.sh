#!/bin/sh
# SPDX-License-Identifier: MIT
# build-ui.sh SOURCE OUT STAMP: builds the web UI into OUT; fetches its parts if they are not there.
set -eu
stamp=$(realpath "$3")
cd "$1"
[ -d node_modules ] || npm ci --no-audit --no-fund --loglevel=error
RONIN_UI_OUT=$2 npm run build -- --outDir "$2"
touch "$stamp"
