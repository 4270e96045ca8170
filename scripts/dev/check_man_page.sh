#!/bin/sh
# The manual page has to render without a warning.
set -eu
cd "$(dirname "$0")/../.."
warnings=$(LC_ALL=C.UTF-8 groff -mdoc -Tutf8 -ww -z docs/tailgate.1 2>&1)
[ -z "$warnings" ] || {
    printf '%s\n' "$warnings"
    exit 1
}
