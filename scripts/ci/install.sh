#!/bin/sh
# Builds Tailgate for a CI job and puts it on the PATH of the steps that follow; docs/ci.md. With TAILGATE set to a
# program that is there already, nothing is built.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/lib/steps.sh
. scripts/lib/steps.sh
# shellcheck source=scripts/lib/packages.sh
. scripts/lib/packages.sh

if [ -n "${TAILGATE:-}" ]; then
    [ -x "$TAILGATE" ] || give_up "there is no program $TAILGATE"
    program=$TAILGATE
else
    need_packages build
    # A newer compiler than ours may warn of more: that is no reason to have no gate.
    step "configuring" install-configure cmake --preset release -DBUILD_TESTING=OFF -DTAILGATE_WERROR=OFF
    step "building" install-build cmake --build --preset release -j "$(job_count)"
    program=$PWD/build/release/tailgate
fi
"$program" --version
if [ -n "${GITHUB_PATH:-}" ]; then
    dirname "$program" >>"$GITHUB_PATH"
fi
