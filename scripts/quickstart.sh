#!/bin/sh
# From a fresh clone to the first measurement: installs what is missing, builds, measures the memory store.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib/steps.sh
. scripts/lib/steps.sh
# shellcheck source=scripts/lib/packages.sh
. scripts/lib/packages.sh

scenario=scenarios/memory_store/milestone.toml
tailgate=build/release/tailgate

need_packages build
# A newer compiler than ours may warn of more: that is no reason not to start.
step "configuring" quickstart-configure cmake --preset release -DBUILD_TESTING=OFF -DTAILGATE_WERROR=OFF
step "building" quickstart-build cmake --build --preset release -j "$(job_count)"

say "measuring: $tailgate run $scenario"
code=0
"$tailgate" run "$scenario" || code=$?
case $code in
0) say "every target is met (exit code 0)" ;;
1) say "a target is missed, see above (exit code 1)" ;;
3) say "cannot tell: the run was not valid, see above (exit code 3)" ;;
*) say "the run did not happen, see above (exit code $code)" && exit "$code" ;;
esac
say "the result and its histograms are in ${TAILGATE_HOME:-.tailgate}/results/; next, try:"
printf '    %-72s # %s\n' \
    "$tailgate show" "the result again" \
    "$tailgate plan $scenario" "which indexes the queries use"
exit "$code"
