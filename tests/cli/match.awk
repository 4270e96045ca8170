# Compares what a case expected with what it got. Exit code 0: as expected; 1: not, and printed is where.
#
#   awk -v mode=whole    -v expected=FILE -v name=stdout -f match.awk ACTUAL     line by line
#   awk -v mode=contains -v expected=FILE -f match.awk ACTUAL...    each expected line is part of some line
#   awk -v mode=absent   -v expected=FILE -f match.awk ACTUAL...    no expected line is part of any line
#
# In an expected line {{...}} around a regular expression matches what that matches; a line that is only
# {{...}}, with three dots, stands for any number of lines. mawk knows no {n} repetition: do not use it.

BEGIN {
    count = 0
    while ((status = (getline line < expected)) > 0) {
        want[++count] = line
        any[count] = (line == "{{...}}")
        pattern[count] = compile(line)
        if (mode == "whole")
            pattern[count] = "^" pattern[count] "$"
    }
    if (status < 0) {
        print "cannot read " expected
        exit 1
    }
}

{ got[NR] = $0 }

END {
    if (status < 0)
        exit 1
    if (mode == "whole")
        exit whole()
    exit parts()
}

# The expected line as a regular expression.
function compile(line,    out, at, end)
{
    out = ""
    while ((at = index(line, "{{")) > 0) {
        out = out quote(substr(line, 1, at - 1))
        line = substr(line, at + 2)
        end = index(line, "}}")
        if (end == 0)
            return out "\\{\\{" quote(line)
        out = out "(" substr(line, 1, end - 1) ")"
        line = substr(line, end + 2)
    }
    return out quote(line)
}

function quote(text,    out, i, c)
{
    out = ""
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        out = out (index("\\.^$*+?(){}|[]", c) ? "\\" c : c)
    }
    return out
}

function parts(    i, j, found, bad)
{
    bad = 0
    for (i = 1; i <= count; i++) {
        found = 0
        for (j = 1; j <= NR && !found; j++)
            if (got[j] ~ pattern[i])
                found = j
        if (mode == "contains" && !found) {
            print "not in the output: " want[i]
            bad = 1
        } else if (mode == "absent" && found) {
            print "should not be in the output: " want[i]
            print "  but there is:              " got[found]
            bad = 1
        }
    }
    return bad
}

# The cheapest alignment of both files, a line too many or too few costing one; none of either is a match.
function whole(    i, j, best)
{
    for (j = 0; j <= NR; j++)
        cost[0, j] = j
    for (i = 1; i <= count; i++) {
        cost[i, 0] = cost[i - 1, 0] + !any[i]
        for (j = 1; j <= NR; j++) {
            best = cost[i - 1, j] + !any[i]
            if (cost[i, j - 1] + !any[i] < best)
                best = cost[i, j - 1] + !any[i]
            if (!any[i] && cost[i - 1, j - 1] < best && got[j] ~ pattern[i])
                best = cost[i - 1, j - 1]
            cost[i, j] = best
        }
    }
    if (cost[count, NR] == 0)
        return 0
    print "--- " name " expected"
    print "+++ " name " got"
    show(count, NR)
    return 1
}

# Walks the alignment back from its end, then prints it forwards.
function show(i, j,    lines, n)
{
    n = 0
    while (i > 0 || j > 0) {
        if (i > 0 && any[i]) {
            if (cost[i, j] == cost[i - 1, j]) {
                lines[++n] = " {{...}}"
                i--
            } else {
                j--
            }
        } else if (i > 0 && j > 0 && cost[i, j] == cost[i - 1, j - 1] && got[j] ~ pattern[i]) {
            lines[++n] = " " got[j]
            i--
            j--
        } else if (j > 0 && cost[i, j] == cost[i, j - 1] + 1) {
            lines[++n] = "+" got[j]
            j--
        } else {
            lines[++n] = "-" want[i]
            i--
        }
    }
    while (n > 0)
        print lines[n--]
}
