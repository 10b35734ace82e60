#!/bin/sh
# Installs what the benchmarks need from Debian and the machine lacks: wrk, which asks the servers.
set -eu
if command -v wrk >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "No wrk here and no right to install it: the benchmarks of the endpoint will say that they were skipped." >&2
    exit 0
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk
