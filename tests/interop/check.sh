#!/bin/sh
# check.sh java|javascript WRITER FOLDER: lets WRITER fill FOLDER and a reference implementation read
# it. Exit 77: the reference is not installed (1 with TAILGATE_REQUIRE_INTEROP=1). See README.md.
set -eu

language=$1
writer=$2
folder=$3
here=$(cd "$(dirname "$0")" && pwd)

missing() {
    echo "interop/$language: $1 is missing" >&2
    if [ "${TAILGATE_REQUIRE_INTEROP:-0}" = 1 ]; then
        exit 1
    fi
    exit 77
}

case $language in
java)
    jar=${HDRHISTOGRAM_JAR:-/usr/share/java/hdrhistogram.jar}
    command -v javac >/dev/null || missing "a Java development kit"
    [ -f "$jar" ] || missing "$jar (Debian: libhdrhistogram-java)"
    ;;
javascript)
    NODE_PATH=${NODE_PATH:-$here/../../build/interop/node_modules}
    export NODE_PATH
    command -v node >/dev/null || missing "node"
    node -e 'require("hdr-histogram-js")' 2>/dev/null || missing "the npm package hdr-histogram-js"
    ;;
*)
    echo "usage: check.sh java|javascript WRITER FOLDER" >&2
    exit 2
    ;;
esac

mkdir -p "$folder"
"$writer" "$folder"
case $language in
java) java -cp "$jar" "$here/ReadHistograms.java" "$folder" ;;
javascript) node "$here/read_histograms.cjs" "$folder" ;;
esac
