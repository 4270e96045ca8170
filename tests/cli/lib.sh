# shellcheck shell=sh
# For the cases: . "$SOURCE/tests/cli/lib.sh" also brings the shared scenarios. Complaints go to the standard
# output of the case, wherever that of a command is sent.

cp "$SOURCE"/tests/cli/scenarios/* .
exec 3>&1
complain() {
    echo "$*" >&3
}

# expect CODE COMMAND...: says so when COMMAND ends with another exit code.
expect() {
    expected=$1
    shift
    code=0
    "$@" || code=$?
    [ "$code" -eq "$expected" ] || complain "exit code $code, expected $expected: $*"
}

# wait_until COMMAND...: tries it again and again, for at most a minute.
wait_until() {
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 1200 ]; then
            complain "waited in vain: $*"
            exit 1
        fi
        sleep 0.05
    done
}

# flat FILE: its JSON as lines PATH=VALUE.
flat() {
    awk -f "$SOURCE/tests/cli/json.awk" "$1"
}

# start_run ARGUMENT...: tailgate run in the background, output to the files out and err. Returns when the
# first phase runs; $pid is its process.
start_run() {
    : >err
    tailgate run "$@" >out 2>err &
    pid=$!
    trap 'kill -9 $pid 2>/dev/null' EXIT
    wait_until grep -q '^\[1/' err
}

# end_run CODE: waits for it.
end_run() {
    expect "$1" wait "$pid"
    trap - EXIT
}

# worker_of PID: the process that runs its store.
worker_of() {
    grep -l "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status 2>/dev/null | cut -d/ -f3
}

# is_gone PID: it has ended, even if nobody has asked how yet.
is_gone() {
    ! grep -q '^State:[[:space:]]*[^XZ[:space:]]' "/proc/$1/status" 2>/dev/null
}
