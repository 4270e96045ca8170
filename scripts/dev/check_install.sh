#!/bin/sh
# check_install.sh BUILD: installs a build into a temporary root and uses what came out there.
set -eu
build=$1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
DESTDIR=$root cmake --install "$build" --prefix /usr
PATH=$root/usr/bin:$PATH
cd "$root/usr"
test "$(command -v tailgate)" = "$root/usr/bin/tailgate"
tailgate --version
tailgate lint share/tailgate/scenarios/*/*.toml
test -s share/tailgate/competitors/neo4j.toml
for file in share/man/man1/tailgate.1 share/bash-completion/completions/tailgate \
    share/zsh/site-functions/_tailgate share/doc/tailgate/README.md; do
    test -s "$file" || {
        echo "not installed: $file"
        exit 1
    }
done
