#!/bin/sh
# The runner on its samples: pass_* end with 0, fail_* with 1, skip_* with 77, and the file "report" of a sample
# is what the runner printed, up to the streams it shows after a failure. samples/tailgate stands in for the
# program: it prints its arguments.
set -u
cd "$(dirname "$0")" || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0
for sample in samples/*/; do
    name=$(basename "$sample")
    case $name in
    pass_*) expected=0 ;;
    fail_*) expected=1 ;;
    skip_*) expected=77 ;;
    *) echo "$name: neither pass, fail nor skip" && exit 1 ;;
    esac
    code=0
    TMPDIR=$work sh run_case.sh "${sample%/}" samples . >"$work/report" 2>&1 || code=$?
    sed '/^=== stdout:$/,$d' "$work/report" >"$work/verdict"
    if [ "$code" -ne "$expected" ]; then
        echo "$name: exit code $code, expected $expected"
        cat "$work/report"
        bad=1
    elif [ -f "${sample}report" ] && ! diff "${sample}report" "$work/verdict"; then
        echo "$name: the report is not as expected"
        bad=1
    fi
done
exit "$bad"
