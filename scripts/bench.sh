#!/bin/sh
# Measures Tailgate beside its peers, both in the same run and in turn, and prints ratios.
#
#   scripts/bench.sh            a table; about two minutes
#   ROUNDS=9 scripts/bench.sh   more rounds
#
# Peers are taken when they are installed: sysbench, fio, sqlite3 (Debian packages of these names).
set -eu
cd "$(dirname "$0")/.."
. scripts/lib/steps.sh
. scripts/lib/packages.sh

ROUNDS=${ROUNDS:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
TAILGATE_HOME=$work/home
export TAILGATE_HOME
build=build/bench

median() { sort -n | awk '{ v[NR] = $1 } END { if (NR) print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) }'; }
have() { command -v "$1" >/dev/null 2>&1; }

# ns per operation of phase $2 in the result document $1: elapsed time / operations issued.
ns_per_op() {
    awk -v phase="$2" -F'[:,"]+' '
        /^      "name":/ { name = $3 }
        name == "\" " phase || $0 ~ "\"name\": \"" phase "\"" { inside = 1 }
        inside && /"elapsed_ns":/ { elapsed = $3 }
        inside && /"issued":/ { printf "%.2f\n", elapsed / $3; exit }' "$1"
}
