# shellcheck shell=sh
# The program that the scripts of the workflow run. Sourced, not run.

# find_tailgate SOURCE: prints the path of the program: $TAILGATE, the one on the PATH, or that which is built
# in the source tree SOURCE. Exits with 4, as the program does, when there is none.
find_tailgate() {
    for candidate in "${TAILGATE:-}" "$(command -v tailgate)" "$1/build/release/tailgate"; do
        if [ -n "$candidate" ] && [ -x "$candidate" ]; then
            printf '%s\n' "$candidate"
            return
        fi
        if [ -n "$candidate" ] && [ "$candidate" = "${TAILGATE:-}" ]; then
            break
        fi
    done
    echo "${0##*/}: error: there is no program ${TAILGATE:-tailgate}" >&2
    echo "  hint: put tailgate on the PATH, set TAILGATE to it, or build it: scripts/quickstart.sh" >&2
    exit 4
}

# usage_error WHAT: says so and ends.
usage_error() {
    echo "${0##*/}: error: $1" >&2
    echo "  hint: \"$0 --help\" says what it takes" >&2
    exit 4
}
