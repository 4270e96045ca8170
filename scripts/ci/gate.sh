#!/bin/sh
# The performance gate of a CI job: see usage below and docs/ci.md.
set -u
source_dir=$(cd "$(dirname "$0")/../.." && pwd) || exit 4
# shellcheck source=scripts/lib/program.sh
. "$source_dir/scripts/lib/program.sh"

usage() {
    cat <<'USAGE'
Usage: scripts/ci/gate.sh, told by the environment what to do:

  TAILGATE_SCENARIO             the scenario to gate
  TAILGATE_BEFORE_REF           git revision that is the variant before
  TAILGATE_AFTER_REF            the same for the variant after (default: the working directory)
  TAILGATE_BUILD                command that builds a revision
  TAILGATE_TASK                 in place of these: the task that `tailgate before` has begun
  TAILGATE_COMPETITIVE          true: the competitive scenario of the task
  TAILGATE_BUDGET               how long it may compare, as 5min
  TAILGATE_ALLOW_INCONCLUSIVE   true: exit with 0 instead of 3 when nothing could be decided
  TAILGATE_REPORTS              folder for report.html, junit.xml, comment.md and verdict.json
                                (default: tailgate-reports)

In a job of GitHub Actions it also writes annotations, the summary of the step, and the outputs verdict, exit_code,
comparison, html, junit, markdown and json.
Exit codes are those of tailgate: 0 pass, 1 regression or a target missed, 2 competitive regression, 3 cannot
tell, 4 usage, scenario or environment error.
USAGE
}

# output NAME VALUE: of the step. The values are of one line: those with others were refused.
output() {
    [ -z "${GITHUB_OUTPUT:-}" ] || printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# refuse WHAT HINT: ends with 4, so that nobody takes it for a verdict.
refuse() {
    [ "${GITHUB_ACTIONS:-}" != true ] || echo "::error title=Tailgate::$1"
    output verdict error
    output exit_code 4
    printf '%s: error: %s\n  hint: %s\n' "${0##*/}" "$1" "$2" >&2
    exit 4
}

check_environment() {
    [ -z "$task" ] || [ -z "$scenario$before_ref$after_ref$build" ] ||
        refuse "a task and a scenario or revisions exclude each other" "leave out TAILGATE_TASK, or all of the others"
    [ -n "$task$scenario" ] || refuse "nothing to gate" "set TAILGATE_SCENARIO, or TAILGATE_TASK"
    # What the program would read as an option, such as --help, would end well without a gate.
    case $task$scenario in
    -*) refuse "the scenario or the task begins with a dash" "write ./ before the path; a task has another name" ;;
    esac
    for flag in "$competitive" "$allow"; do
        case $flag in
        '' | true | false) ;;
        *) refuse "a flag is neither true nor false" "TAILGATE_COMPETITIVE, TAILGATE_ALLOW_INCONCLUSIVE: true or false" ;;
        esac
    done
    case $reports in
    *"$newline"*) refuse "TAILGATE_REPORTS has several lines" "name one folder" ;;
    esac
}

# measure: runs the gate, what it says going to the log as well. Sets $code.
measure() {
    if [ -n "$task" ]; then
        set -- after "$task"
        [ "$competitive" != true ] || set -- "$@" --competitive
    else
        set -- gate "$scenario"
        [ -z "$before_ref" ] || set -- "$@" --before-ref "$before_ref"
        [ -z "$after_ref" ] || set -- "$@" --after-ref "$after_ref"
        [ -z "$build" ] || set -- "$@" --build "$build"
    fi
    [ -z "$budget" ] || set -- "$@" --budget "$budget"
    [ "$allow" != true ] || set -- "$@" --allow-inconclusive
    echo 4 >"$place/code"
    # Wide enough for the path of what was stored to stand on its line.
    {
        code=0
        COLUMNS=2000 "$tailgate" "$@" || code=$?
        echo "$code" >"$place/code"
    } | tee "$place/log"
    code=$(cat "$place/code")
}

# report FORMAT [OPTION]...: on what was measured.
report() {
    format=$1
    shift
    if [ -n "$task" ]; then
        set -- "$task" "$@"
        [ "$competitive" != true ] || set -- "$@" --competitive
    else
        set -- --comparison "$comparison" "$@"
    fi
    [ "$allow" != true ] || set -- "$@" --allow-inconclusive
    "$tailgate" report compare --format "$format" --exit-zero "$@"
}

case ${1:-} in
'') ;;
-h | --help) usage && exit 0 ;;
*) usage_error "it takes no arguments: the environment says what to do" ;;
esac
newline='
'
scenario=${TAILGATE_SCENARIO:-}
before_ref=${TAILGATE_BEFORE_REF:-}
after_ref=${TAILGATE_AFTER_REF:-}
build=${TAILGATE_BUILD:-}
task=${TAILGATE_TASK:-}
competitive=${TAILGATE_COMPETITIVE:-}
budget=${TAILGATE_BUDGET:-}
allow=${TAILGATE_ALLOW_INCONCLUSIVE:-}
reports=${TAILGATE_REPORTS:-tailgate-reports}
check_environment
tailgate=$(find_tailgate "$source_dir") || refuse "there is no program to run" "what was looked for is said above"
place=$(mktemp -d) || exit 4
trap 'rm -rf "$place"' EXIT
mkdir -p "$reports" || refuse "there is no folder for the reports" "set TAILGATE_REPORTS to one that can be made"
reports=$(cd "$reports" && pwd) || exit 4

# Names of operations are printed: none of them is to be taken for a command of the runner.
if [ "${GITHUB_ACTIONS:-}" = true ]; then
    token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    echo "::stop-commands::$token"
fi
measure
[ "${GITHUB_ACTIONS:-}" != true ] || echo "::$token::"

comparison=$(sed -n 's/^stored  *//p' "$place/log" | tail -n 1)
case $code in
[0-3]) ;;
*) refuse "the gate ended with an error (exit code $code)" "what went wrong is said above" ;;
esac
if [ -z "$task$comparison" ]; then
    case $code in
    1) output verdict regression ;;
    3) output verdict inconclusive ;;
    *) refuse "nothing was compared, and the exit code is $code" "what went wrong is said above" ;;
    esac
    output exit_code "$code"
    echo "${0##*/}: it ended before there was anything to report" >&2
    exit "$code"
fi
failed=0
report html --out "$reports/report.html" || failed=4
report junit --out "$reports/junit.xml" || failed=4
report markdown --out "$reports/comment.md" || failed=4
report json --out "$reports/verdict.json" || failed=4
if [ "${GITHUB_ACTIONS:-}" = true ]; then
    report github || failed=4
fi
output html "$reports/report.html"
output junit "$reports/junit.xml"
output markdown "$reports/comment.md"
output json "$reports/verdict.json"
echo "reports: $reports/{report.html,junit.xml,comment.md,verdict.json}"
# A verdict that is bad news stays it.
[ "$code" -ne 0 ] || code=$failed
exit "$code"
