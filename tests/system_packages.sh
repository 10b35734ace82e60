#!/bin/sh
# Installs what the tests need from Debian and the machine lacks: a Java runtime for the HermiT reasoner, Virtuoso 7 for
# the remote backend, jemalloc for the setting `allocator`, curl. Nothing is started.
set -eu
missing=""
command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
[ -e "/usr/lib/$(uname -m)-linux-gnu/libjemalloc.so.2" ] || missing="$missing libjemalloc2"
command -v curl >/dev/null 2>&1 || missing="$missing curl"
if ! command -v virtuoso-t >/dev/null 2>&1 || ! command -v isql-vt >/dev/null 2>&1; then
    missing="$missing virtuoso-opensource-7 virtuoso-opensource-7-bin"
fi
if [ -z "$missing" ]; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Missing here:$missing, and no right to install it: the tests that need it will say that they were skipped." >&2
    exit 0
fi
# the package would start a database of its own; the tests start theirs
policy=/usr/sbin/policy-rc.d
made=""
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    made=yes
fi
trap '[ -z "$made" ] || rm -f "$policy"' EXIT
apt-get update -qq
# without a word splitting there would be one package with spaces in its name
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing </dev/null
