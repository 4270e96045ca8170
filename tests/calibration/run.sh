#!/bin/sh
# Calibration: what a minute's gate of the memory store sees on this machine. Hours; may be stopped
# (Ctrl-C) at any time, and goes on where it was. docs/calibration.md has the results.
#
#   tests/calibration/run.sh              all of it: 100 A/A, 50 of +10 %, 50 of +5 %, 20 of a slow tail
#   tests/calibration/run.sh PART [N]     N gates (default 1) more of: aa plus10 plus5 tail
#   tests/calibration/run.sh report       the table
#
# TAILGATE: the program (build/release/tailgate). RECORDS: the file that gates are appended to
# (calibration.jsonl). SCENARIO, BUDGET (60s).
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
tailgate=${TAILGATE:-$root/build/release/tailgate}
records=${RECORDS:-calibration.jsonl}
scenario=${SCENARIO:-$root/scenarios/memory_store/gate.toml}
budget=${BUDGET:-60s}
tail_effect='{ add = "50%", slowest = "2%" }'

# count EFFECT: gates of it in the records, EFFECT as JSON.
count() {
    if [ -f "$records" ]; then grep -cF "\"effect\":$1," "$records" || true; else echo 0; fi
}

# measure HAVE WANT OPTION...: until there are WANT. A false regression is a result, not an end.
measure() {
    have=$1 want=$2 code=0
    shift 2
    [ "$have" -lt "$want" ] || return 0
    "$tailgate" selftest "$scenario" --budget "$budget" --records "$records" --gates "$want" "$@" \
        >/dev/null || code=$?
    [ "$code" -le 1 ] || exit "$code"
}

# part NAME LIMIT MORE: MORE gates more, but not beyond LIMIT in all.
part() {
    case $1 in
    aa) effect=null ;;
    plus10) effect='"10%"' ;;
    plus5) effect='"5%"' ;;
    tail) effect="\"$(printf '%s' "$tail_effect" | sed 's/"/\\"/g')\"" ;;
    *)
        echo "run.sh: no part \"$1\": aa, plus10, plus5, tail, report" >&2
        exit 4
        ;;
    esac
    have=$(count "$effect")
    want=$((have + $3))
    [ "$want" -le "$2" ] || want=$2
    case $1 in
    aa) measure "$have" "$want" --effect none ;;
    tail) measure "$have" "$want" --no-aa --effect "$tail_effect" --op session_get ;;
    *)
        percent=${1#plus}
        measure "$have" "$want" --no-aa --effect "$percent%" \
            --op session_get --op memory_get --op namespace_query --op memory_put
        ;;
    esac
}

case ${1:-all} in
report) exec "$tailgate" selftest --records "$records" ;;
all)
    # In tenths, so that all parts meet the same hours of the machine.
    for tenth in 1 2 3 4 5 6 7 8 9 10; do
        part aa $((tenth * 10)) 10
        part plus10 $((tenth * 5)) 5
        part plus5 $((tenth * 5)) 5
        part tail $((tenth * 2)) 2
    done
    exec "$tailgate" selftest --records "$records"
    ;;
*) part "$1" 1000000 "${2:-1}" ;;
esac
