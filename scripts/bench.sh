#!/bin/sh
# Measures Tailgate beside its peers, in turn and in the same run, and prints ratios.
#
#   scripts/bench.sh            a table; about three minutes
#   ROUNDS=9 scripts/bench.sh   more rounds (default 5); costs in ns are the least of them, loads the median
#
# The peers sysbench, fio and sqlite3 (Debian packages of these names) are measured where they are installed.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib/steps.sh
. scripts/lib/steps.sh
# shellcheck source=scripts/lib/packages.sh
. scripts/lib/packages.sh

ROUNDS=${ROUNDS:-5}
tailgate=build/release/tailgate
tests=build/release/tests
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
TAILGATE_HOME=$work/home
export TAILGATE_HOME

have() {
    command -v "$1" >/dev/null 2>&1
}

# The least of the numbers in file $1, one a line: what the code costs when nothing comes between. "-" when
# there are none.
least() {
    sort -g "$1" | awk 'NR == 1 { print; found = 1 } END { if (!found) print "-" }'
}

# Their median.
median() {
    sort -g "$1" 2>/dev/null | awk '{ v[NR] = $1 }
        END { if (NR == 0) print "-"; else print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) }'
}

# The number at key $3 of phase $2 in the result document $1.
phase_number() {
    awk -v phase="\"name\": \"$2\"," -v key="\"$3\":" '
        index($0, phase) { inside = 1 }
        inside && $1 == key { sub(/,$/, "", $2); print $2; exit }' "$1"
}

ns_per_operation() {
    echo "$(phase_number "$1" "$2" elapsed_ns) $(phase_number "$1" "$2" issued)" |
        awk '{ printf "%.2f\n", $1 / $2 }'
}

seconds_of() {
    bench_start=$(date +%s.%N)
    "$@" >/dev/null 2>&1
    echo "$bench_start $(date +%s.%N)" | awk '{ printf "%.3f\n", $2 - $1 }'
}

harness() {
    "$tailgate" run tests/bench/noop.toml --json --quiet >"$work/noop.json" || [ $? -eq 3 ]
    ns_per_operation "$work/noop.json" closed >>"$work/closed"
    ns_per_operation "$work/noop.json" two_workers >>"$work/two"
    ns_per_operation "$work/noop.json" open >>"$work/open"
    awk '$1 == "\"overhead_ps\":" { sub(/,$/, "", $2); print 2 * $2 / 1000; exit }' "$work/noop.json" \
        >>"$work/clock"
}

peers() {
    if have sysbench; then
        sysbench "$work/empty.lua" --threads=1 --time=1 --report-interval=0 run |
            awk '/total number of events:/ { events = $NF } /total time:/ { sub(/s$/, "", $NF); time = $NF }
                END { printf "%.2f\n", time * 1e9 / events }' >>"$work/sysbench"
    fi
    if have fio; then
        fio --name=null --ioengine=null --rw=randread --bs=4k --size=1g --time_based --runtime=1 --thread \
            --output-format=terse --terse-version=3 | awk -F';' 'NF > 8 { printf "%.2f\n", 1e9 / $8 }' \
            >>"$work/fio"
    fi
}

histogram() {
    "$tests/bench_hdr_record" 2>/dev/null | awk '{ print $2 }' >>"$work/record"
}

# The data set is built anew each time: generating the rows is part of it.
load_ours() {
    rm -rf "$TAILGATE_HOME/cache"
    "$tailgate" run tests/bench/load.toml --json --quiet --no-coverage >"$work/load.json"
    awk '$1 == "\"build_ns\":" { sub(/,$/, "", $2); print $2 / 1e9; exit }' "$work/load.json" >>"$work/load"
}

load_theirs() {
    have sqlite3 || return 0
    if [ ! -e "$work/rows.csv" ]; then
        mkdir -p "$work/export"
        cp "$TAILGATE_HOME"/cache/*/data/store.db "$work/export/"
        sqlite3 -csv "$work/export/store.db" 'SELECT * FROM rows_to_load' >"$work/rows.csv"
    fi
    rm -f "$work/import.db"
    {
        cat tests/bench/load.sql
        echo ".import --csv $work/rows.csv rows_to_load"
    } >"$work/import.sql"
    seconds_of sqlite3 "$work/import.db" ".read $work/import.sql" >>"$work/import"
}

# A page about a comparison of five metrics over 21 launches, with its charts in characters.
comparison_page() {
    seconds_of env PATH=/nonexistent "$tailgate" report compare --exit-zero --format html \
        --comparison tests/cli/cases/report_compare/regression.json >>"$work/page"
}

# Peak resident memory in MiB, of the coordinator and of the worker process, with $1 operations.
memory() {
    "$tailgate" run tests/bench/hundred_million.toml --set "phase.many.count=$1" --json --quiet \
        >"$work/many.json" &
    pid=$!
    peak=0
    while kill -0 "$pid" 2>/dev/null; do
        now=$(awk '/^VmHWM:/ { print $2 }' "/proc/$pid/status" 2>/dev/null || echo 0)
        [ "${now:-0}" -le "$peak" ] || peak=$now
        sleep 0.1
    done
    wait "$pid"
    phase_number "$work/many.json" many rss_peak_bytes |
        awk -v coordinator="$peak" '{ printf "%.1f %.1f", coordinator / 1024, $1 / 1048576 }'
}

# The documents of a milestone over fifty results, which are copies of one under names of their own.
report_of_fifty() {
    if [ ! -e "$work/fifty.toml" ]; then
        "$tailgate" run tests/cli/scenarios/shop.toml --json --quiet >"$work/shop.json"
        id=$(awk -F'"' '$2 == "id" { print $4; exit }' "$work/shop.json")
        names=
        for number in $(seq 10 59); do
            name=shop-20250101T0000${number}Z
            cp -R "$TAILGATE_HOME/results/$id" "$TAILGATE_HOME/results/$name"
            sed "s/$id/$name/" "$work/shop.json" >"$TAILGATE_HOME/results/$name/result.json"
            names="$names \"$name\","
        done
        printf 'format = 1\nproject = "Bench"\nmilestone = "Fifty"\nresults = [%s]\n' "$names" >"$work/fifty.toml"
    fi
    rm -rf "$work/report"
    seconds_of "$tailgate" report milestone "$work/fifty.toml" --out "$work/report" --no-pictures >>"$work/fifty"
}

ratio() {
    echo "$1 $2" | awk '{ if ($1 == "-" || $2 == "-" || $2 == 0) print "-"; else printf "%.2f", $1 / $2 }'
}

row() {
    printf '| %-52s | %10s | %-34s | %10s | %6s |\n' "$@"
}

report() {
    closed=$(least "$work/closed")
    open=$(least "$work/open")
    clock=$(least "$work/clock")
    printf 'Host: %s, %s CPUs, Linux %s. %s rounds, taken in turn: the least of the ns, the median of the loads.\n\n' \
        "$(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)" "$(job_count)" "$(uname -r)" "$ROUNDS"
    row "what" "Tailgate" "beside" "peer" "ratio"
    row "---" "---:" "---" "---:" "---:"
    row "harness, closed loop, ns per operation" "$closed" "two readings of the clock" "$clock" \
        "$(ratio "$closed" "$clock")"
    row "" "$closed" "sysbench, empty Lua event" "$(least "$work/sysbench")" \
        "$(ratio "$closed" "$(least "$work/sysbench")")"
    row "" "$closed" "fio --ioengine=null" "$(least "$work/fio")" "$(ratio "$closed" "$(least "$work/fio")")"
    row "harness, open loop, ns per operation" "$open" "two readings of the clock" "$clock" \
        "$(ratio "$open" "$clock")"
    row "rate of 2 workers over 1, closed loop" "$(ratio "$closed" "$(least "$work/two")")" "" "" ""
    row "histogram, ns per value" "$(least "$work/record")" "" "" ""
    row "load of 1,000,000 rows, s" "$(median "$work/load")" "sqlite3 .import of the same rows, s" \
        "$(median "$work/import")" "$(ratio "$(median "$work/load")" "$(median "$work/import")")"
    row "page of a comparison without pictures, s" "$(median "$work/page")" "" "" ""
    row "milestone report over 50 results, s" "$(median "$work/fifty")" "" "" ""
    row "memory, MiB: coordinator, worker; 10^7 operations" "$small" "" "" ""
    row "memory, MiB: coordinator, worker; 10^8 operations" "$large" "" "" ""
    printf '\nA ratio below 1 means that Tailgate takes less time. The loads include generating the rows (ours) and\n'
    printf 'reading them from a file (theirs).\n'
}

need_packages build test
step "configuring" bench-configure cmake --preset release -DBUILD_TESTING=ON
step "building" bench-build cmake --build --preset release -j "$(job_count)"
printf 'function event() end\n' >"$work/empty.lua"
touch "$work/sysbench" "$work/fio" "$work/import"
round=1
while [ "$round" -le "$ROUNDS" ]; do
    say "round $round of $ROUNDS"
    harness
    peers
    histogram
    load_ours
    load_theirs
    comparison_page
    report_of_fifty
    round=$((round + 1))
done
say "memory of long runs"
small=$(memory 10_000_000)
large=$(memory 100_000_000)
echo
report
