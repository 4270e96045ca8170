#!/bin/sh
# clean_room.sh [MIRROR]: does the README keep its word on a fresh machine? Makes a minimal Debian 12 with nothing
# but git in a temporary folder, clones the committed state into it and runs the two set-up commands there.
# Needs root, debootstrap and the network. MIRROR is the Debian mirror, by default the one this machine uses.
# KEEP=1 leaves the folder for a look.
set -eu
cd "$(dirname "$0")/../.."

[ "$(id -u)" -eq 0 ] || {
    echo "clean_room.sh: run it as root" >&2
    exit 1
}
command -v debootstrap >/dev/null || {
    echo "clean_room.sh: needs the Debian package debootstrap" >&2
    exit 1
}

# In a mount namespace of its own, what it mounts is gone when it ends, however it ends.
if [ -z "${CLEAN_ROOM:-}" ]; then
    room=$(mktemp -d)
    chmod 755 "$room" # it becomes /, which everybody may enter
    code=0
    CLEAN_ROOM=$room unshare --mount --propagation private sh scripts/dev/clean_room.sh "$@" || code=$?
    if [ -n "${KEEP:-}" ]; then
        echo "clean_room.sh: kept in $room"
    else
        rm -rf --one-file-system "$room"
    fi
    exit "$code"
fi
room=$CLEAN_ROOM

# shellcheck disable=SC2016 # apt's own variables
mirror=${1:-$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' |
    awk '$2 == "bookworm" { print $1; exit }')}
[ -n "$mirror" ] || {
    echo "clean_room.sh: this machine has no Debian 12 mirror; name one" >&2
    exit 1
}

echo "clean_room.sh: Debian 12 with git, in $room"
debootstrap --variant=minbase --include=git bookworm "$room" "$mirror" >"$room.log" 2>&1 || {
    tail -n 20 "$room.log"
    exit 1
}
rm -f "$room.log"
for file in /etc/resolv.conf /etc/hosts; do
    [ ! -e "$file" ] || cp "$file" "$room$file"
done
apt-config dump | grep -E '^Acquire::.*(Proxy|Check-)' >"$room/etc/apt/apt.conf.d/99host" || :
mount -t proc proc "$room/proc"
mount -t sysfs -o ro sysfs "$room/sys"

git clone --quiet --no-local . "$room/root/tailgate"

failed=
for command in scripts/quickstart.sh scripts/test.sh; do
    echo "clean_room.sh: \$ $command"
    start=$(date +%s)
    code=0
    env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
        chroot "$room" sh -c "cd /root/tailgate && exec $command" || code=$?
    echo "clean_room.sh: exit code $code after $(($(date +%s) - start)) s"
    [ "$code" -eq 0 ] || failed="$failed $command"
done
left=$(git -C "$room/root/tailgate" status --porcelain)
[ -z "$left" ] || {
    printf 'clean_room.sh: the clone is not clean any more:\n%s\n' "$left"
    failed="$failed status"
}
[ -z "$failed" ] || {
    echo "clean_room.sh: failed:$failed"
    exit 1
}
echo "clean_room.sh: both commands succeeded"
