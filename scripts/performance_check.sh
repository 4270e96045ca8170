#!/bin/sh
# One side of a task's measurement, with everything around it kept: see usage below and docs/workflow.md.
set -u
source_dir=$(cd "$(dirname "$0")/.." && pwd) || exit 4
# shellcheck source=scripts/lib/program.sh
. "$source_dir/scripts/lib/program.sh"

usage() {
    cat <<'USAGE'
Usage: scripts/performance_check.sh TASK before|after [--competitive] [OPTION]...

Runs `tailgate before TASK` or `tailgate after TASK` (other options go to it) and keeps beside the task's records,
in .tailgate/tasks/TASK/, as {before,after}[-competitive]_TIMESTAMP_...
  log.txt   what it said
  sys.txt   once a second: CPU %, RSS, VSZ and number of its processes
  diag.txt  what `tailgate doctor` says about the machine

Then: scripts/compare_performance.sh TASK [--competitive]
Exit codes are those of tailgate: 0 pass, 1 regression or a target missed, 2 competitive regression, 3 cannot
tell, 4 usage, scenario or environment error.
USAGE
}

# home: where tailgate keeps its state.
home() {
    folder=$PWD
    while [ ! -e "$folder/tailgate.toml" ] && [ -n "$folder" ]; do
        folder=${folder%/*}
    done
    if [ -n "${TAILGATE_HOME:-}" ]; then
        printf '%s\n' "$TAILGATE_HOME"
    elif [ -e "$folder/tailgate.toml" ]; then
        printf '%s/.tailgate\n' "$folder"
    else
        echo .tailgate
    fi
}

# sample TICKS UPTIME: one line about the processes of tailgate below this script, then what the next sample has
# to be told: their CPU time so far, and when that was.
sample() {
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v root="$$" -v now="$(date -u +%H:%M:%S)" \
        -v ticks="$(getconf CLK_TCK)" -v page_kib="$(($(getconf PAGESIZE) / 1024))" -v before="$1" -v then="$2" '
        {
            pid = $1
            name = $0
            sub(/^[0-9]+ \(/, "", name)
            rest = name
            sub(/\) [^)]*$/, "", name)
            sub(/^.*\) /, "", rest)
            split(rest, field, " ")
            parent[pid] = field[2]
            mine[pid] = (name == program)
            # With that of children which have ended: launches are processes of a second.
            used[pid] = field[12] + field[13] + field[14] + field[15]
            vsz[pid] = field[21] / 1024
            rss[pid] = field[22] * page_kib
        }
        function below(pid, depth) {
            for (depth = 0; depth < 50 && pid in parent; depth++) {
                if (pid == root) return 1
                pid = parent[pid]
            }
            return 0
        }
        END {
            for (pid in parent) {
                if (!mine[pid] || !below(pid)) continue
                count++
                cpu += used[pid]
                all_rss += rss[pid]
                all_vsz += vsz[pid]
            }
            if (count == 0) exit
            getline uptime <"/proc/uptime"
            split(uptime, seconds, " ")
            share = (then > 0 && cpu >= before) ? (cpu - before) / ticks / (seconds[1] - then) : 0
            printf "%s %6.1f %10d %12d %9d %d %s\n", now, 100 * share, all_rss, all_vsz, count, cpu, seconds[1]
        }' program="$(basename "$tailgate" | cut -c 1-15)"
}

# watch: a sample a second until it is killed, or this script is gone.
watch() {
    echo "time       cpu%    rss_kib      vsz_kib processes"
    ticks=0
    uptime=0
    while kill -0 "$$" 2>/dev/null; do
        line=$(sample "$ticks" "$uptime")
        if [ -n "$line" ]; then
            uptime=${line##* }
            line=${line% *}
            ticks=${line##* }
            echo "${line% *}"
        fi
        sleep 1
    done
}

# await PID: its exit code in $code. A signal that is trapped ends a wait before the process.
await() {
    code=0
    wait "$1" || code=$?
    while [ "$code" -gt 128 ] && kill -0 "$1" 2>/dev/null; do
        code=0
        wait "$1" || code=$?
    done
}

task=
phase=
suffix=
case ${1:-} in
-h | --help) usage && exit 0 ;;
'' | -*) usage_error "the name of a task is expected" ;;
*) task=$1 ;;
esac
case ${2:-} in
before | after) phase=$2 ;;
*) usage_error "before or after is expected after the task" ;;
esac
shift 2
for argument; do
    [ "$argument" != --competitive ] || suffix=-competitive
done
tailgate=$(find_tailgate "$source_dir") || exit
stamp=$(date -u +%Y%m%dT%H%M%SZ)
state=$(home)
place=$(mktemp -d) || exit 4
watcher=
measuring=
trap '[ -z "$watcher" ] || kill "$watcher" 2>/dev/null; rm -rf "$place"' EXIT
# An interrupt reaches tailgate as well; another signal may be for this script alone, and is handed on. It ends in
# good order, and what it has said is kept.
trap : INT
trap '[ -n "$measuring" ] || exit 4; kill "$measuring" 2>/dev/null' TERM HUP QUIT

# Not in a pipeline: no trap is run before that has ended.
mkfifo "$place/said" || exit 4
watch >"$place/sys.txt" 2>/dev/null &
watcher=$!
(trap '' INT TERM HUP QUIT && exec tee "$place/log.txt") <"$place/said" &
teller=$!
"$tailgate" "$phase" "$task" "$@" >"$place/said" 2>&1 &
measuring=$!
await "$teller"
await "$measuring"
kill "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null
"$tailgate" doctor >"$place/diag.txt" 2>&1

# The folder is there if the task is: a misspelt name leaves nothing behind.
if [ -d "$state/tasks/$task" ]; then
    for kind in log sys diag; do
        mv "$place/$kind.txt" "$state/tasks/$task/$phase${suffix}_${stamp}_$kind.txt" || exit 4
    done
    echo "log, system metrics, diagnostics: $state/tasks/$task/$phase${suffix}_${stamp}_{log,sys,diag}.txt"
fi
exit "$code"
