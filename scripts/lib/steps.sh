# shellcheck shell=sh
# One line a step, its output in build/log/. Sourced, not run; the caller stands in the source tree.

log_dir=build/log

say() {
    printf 'tailgate: %s\n' "$*"
}

# step WHAT LOG COMMAND...: says WHAT, runs COMMAND with its output in build/log/LOG.log and adds how long it
# took. When COMMAND fails: shows the log's end, returns its exit code.
step() {
    step_what=$1
    step_log=$log_dir/$2.log
    shift 2
    mkdir -p "$log_dir"
    printf 'tailgate: %s ... ' "$step_what"
    step_start=$(date +%s)
    step_code=0
    "$@" >"$step_log" 2>&1 </dev/null || step_code=$?
    step_seconds=$(($(date +%s) - step_start))
    if [ "$step_code" -eq 0 ]; then
        printf 'done, %d s\n' "$step_seconds"
    else
        printf 'FAILED (exit code %d) after %d s\n' "$step_code" "$step_seconds"
        "${step_tail:-show_log}" "$step_log"
    fi
    return "$step_code"
}

show_log() {
    printf -- '--- the last 40 lines of %s\n' "$1"
    tail -n 40 "$1"
    printf -- '---\n'
}

job_count() {
    getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2
}

# run_tests PRESET CTEST-OPTION...: configures, builds and tests a preset; ends with ctest's own summary.
# Returns the exit code of the first of the three that fails.
run_tests() {
    tests_preset=$1
    shift
    step "configuring ($tests_preset)" "$tests_preset-configure" \
        cmake --preset "$tests_preset" -DBUILD_TESTING=ON || return
    step "building ($tests_preset)" "$tests_preset-build" \
        cmake --build --preset "$tests_preset" -j "$(job_count)" || return
    step_tail=show_failed_tests
    tests_code=0
    step "testing ($tests_preset)" "$tests_preset-test" \
        ctest --preset "$tests_preset" -j "$(job_count)" --no-tests=error "$@" || tests_code=$?
    step_tail=show_log
    [ "$tests_code" -ne 0 ] || sed -n '/% tests passed/,$p' "$log_dir/$tests_preset-test.log"
    return "$tests_code"
}

# A test log without what passed: the failing tests' output, then ctest's summary.
show_failed_tests() {
    grep -v -E '^ *Start +[0-9]+: |^ *[0-9]+/[0-9]+ Test .* Passed ' "$1"
}
