#!/bin/sh
# Installs what the browser tests need from Debian and the machine lacks: Chromium, and Node.js with npm, which bring YASGUI.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
if [ -z "$missing" ]; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Missing here:$missing, and no right to install it: the tests that need it will say that they were skipped." >&2
    exit 0
fi
apt-get update -qq
# without a word splitting there would be one package with spaces in its name
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing </dev/null
