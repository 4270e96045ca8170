# shellcheck shell=sh
# browse URL: the page as the browser has built it, on standard output.
browse() {
    timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync --user-data-dir="$PWD/profile" \
        --virtual-time-budget=10000 --dump-dom "$1" 2>/dev/null
}
