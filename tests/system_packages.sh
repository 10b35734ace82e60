#!/bin/sh
# Installs what the tests need from Debian and the machine lacks: a Java runtime, for the HermiT reasoner.
set -eu
if command -v java >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "No Java runtime here and no right to install one: the tests that need HermiT will say that they were skipped." >&2
    exit 0
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends default-jre-headless
