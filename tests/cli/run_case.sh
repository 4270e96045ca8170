#!/bin/sh
# run_case.sh CASE PROGRAMS SOURCE: runs one end-to-end case. CONTRIBUTING.md says how to write one.
#
# CASE      the case's folder: cmd, and if it likes needs, exit, stdout, stderr, contains, absent
# PROGRAMS  the folder of the tailgate to test
# SOURCE    the source tree
# Exit code 0: as expected; 77: skipped, its needs are not there; 1: not as expected, and why; 2: no such case.
set -u
case_dir=$(cd "$1" && pwd) && programs=$(cd "$2" && pwd) && SOURCE=$(cd "$3" && pwd) || exit 2
matcher=$(cd "$(dirname "$0")" && pwd)/match.awk

if [ ! -f "$case_dir/cmd" ] || [ ! -x "$programs/tailgate" ]; then
    echo "no case at $case_dir, or no tailgate in $programs" >&2
    exit 2
fi

place=$(mktemp -d) || exit 2
cp -R "$case_dir" "$place/case" && cd "$place/case" || exit 2

PATH=$programs:$PATH
TAILGATE_HOME=$place/case/.tailgate
LC_ALL=C.UTF-8
NO_COLOR=1
TZ=UTC
# A sanitizer's own exit codes, so that its finding never passes for an expected 1.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}exitcode=99
LSAN_OPTIONS=exitcode=99
UBSAN_OPTIONS=${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}exitcode=99:print_stacktrace=1
TSAN_OPTIONS=${TSAN_OPTIONS:+$TSAN_OPTIONS:}exitcode=99
export SOURCE PATH TAILGATE_HOME LC_ALL NO_COLOR TZ ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS TSAN_OPTIONS

# What a CI job, a hook of git or a terminal sets is none of the cases' business.
for name in $(env | sed -n 's/^\(\(GITHUB_\|GIT_\|TAILGATE_\)[A-Za-z0-9_]*\)=.*/\1/p') TAILGATE COLUMNS BAD_SQLITE; do
    [ "$name" = TAILGATE_HOME ] || unset "$name"
done

if [ -f needs ]; then
    code=0
    sh ./needs </dev/null || code=$?
    if [ "$code" -ne 0 ]; then
        rm -rf "$place"
        [ "$code" -eq 77 ] && echo "skipped" && exit 77
        echo "needs failed with exit code $code"
        exit 1
    fi
fi

code=0
sh ./cmd </dev/null >"$place/stdout" 2>"$place/stderr" || code=$?

bad=0
expected_code=0
[ ! -f "$case_dir/exit" ] || expected_code=$(cat "$case_dir/exit")
[ "$code" -eq "$expected_code" ] || {
    echo "exit code $code, expected $expected_code"
    bad=1
}
for stream in stdout stderr; do
    [ ! -f "$case_dir/$stream" ] ||
        awk -v mode=whole -v expected="$case_dir/$stream" -v name=$stream -f "$matcher" "$place/$stream" ||
        bad=1
done
for mode in contains absent; do
    [ ! -f "$case_dir/$mode" ] ||
        awk -v mode=$mode -v expected="$case_dir/$mode" -f "$matcher" "$place/stdout" "$place/stderr" ||
        bad=1
done
if grep -E '(ERROR|WARNING|SUMMARY): [A-Za-z]*Sanitizer|: runtime error: ' "$place/stdout" "$place/stderr"; then
    bad=1
fi

if [ "$bad" -ne 0 ]; then
    for stream in stdout stderr; do
        echo "=== $stream:"
        cat "$place/$stream"
    done
    echo "=== kept in $place"
    exit 1
fi
rm -rf "$place"
