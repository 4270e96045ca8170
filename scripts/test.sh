#!/bin/sh
# Installs what the tests need, builds, runs every test. Arguments go to ctest: scripts/test.sh -R cli/
# TAILGATE_PRESET is the preset to test, "dev" if not set.
# The last lines are ctest's own summary, the exit code is ctest's.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib/steps.sh
. scripts/lib/steps.sh
# shellcheck source=scripts/lib/packages.sh
. scripts/lib/packages.sh

need_packages build test
run_tests "${TAILGATE_PRESET:-dev}" "$@"
