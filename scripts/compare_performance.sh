#!/bin/sh
# The verdict on a task: see usage below and docs/workflow.md.
set -u
source_dir=$(cd "$(dirname "$0")/.." && pwd) || exit 4
# shellcheck source=scripts/lib/program.sh
. "$source_dir/scripts/lib/program.sh"

case ${1:-} in
-h | --help)
    cat <<'USAGE'
Usage: scripts/compare_performance.sh TASK [--competitive] [OPTION]...

Shows the verdict on a task that scripts/performance_check.sh has measured before and after its change; other
options go to `tailgate compare`, as --log PERFORMANCE_LOG.md does.
Exit codes: 0 pass, 1 regression or a target missed, 2 competitive regression, 3 cannot tell, 4 usage or
environment error.
USAGE
    exit 0
    ;;
'' | -*) usage_error "the name of a task is expected" ;;
esac
tailgate=$(find_tailgate "$source_dir") || exit
exec "$tailgate" compare "$@"
