#!/bin/sh
# What the house rules ask of the tracked files: none over 600 lines, nothing left "to do", no dead link.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0

complain() {
    printf '%s\n' "$*"
    bad=1
}

for file in $(git ls-files '*.c' '*.h' '*.cpp' '*.sh' .ci/run); do
    lines=$(wc -l <"$file")
    [ "$lines" -le 600 ] || complain "$file:600: $((lines + 0)) lines: it has two jobs, split it"
done

# The brackets keep this script from finding itself.
if git grep -nIwE 'TOD[O]|FIXM[E]' -- ':!tests/corpus'; then
    complain "unfinished work is not committed: do it, or write it in an issue"
fi

# Relative links of the pages, as [text](target#part), must lead to a tracked file or folder.
# shellcheck disable=SC2016 # awk's fields
links=$(git ls-files '*.md' ':!tests/corpus' | xargs awk '
    FNR == 1 { code = 0 }
    /^```/ { code = !code }
    !code {
        while (match($0, /\]\([^)]*\)/)) {
            target = substr($0, RSTART + 2, RLENGTH - 3)
            $0 = substr($0, RSTART + RLENGTH)
            sub(/#.*/, "", target)
            if (target != "" && target !~ /^[a-z]+:/) print FILENAME ":" FNR ":" target
        }
    }')
for link in $links; do
    page=${link%%:*}
    target=${link##*:}
    [ -n "$(git ls-files "$(dirname "$page")/$target")" ] || complain "${link%:*}: dead link to $target"
done

exit "$bad"
