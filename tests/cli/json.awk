# Flattens JSON: a line PATH=VALUE for each value, strings without their quotes. Exit code 1: this is no JSON.
{ rest = rest $0 "\n" }

END {
    value(token(), "")
    if (rest !~ /^[ \t\r\n]*$/)
        fail()
}

function token(    text)
{
    sub(/^[ \t\r\n]+/, "", rest)
    if (!match(rest, /^("([^"\\\001-\037]|\\.)*"|[][{}:,]|-?[0-9][0-9.eE+-]*|true|false|null)/))
        fail()
    text = substr(rest, 1, RLENGTH)
    rest = substr(rest, RLENGTH + 1)
    return text
}

function value(text, path,    end, key, count)
{
    if (text == "{" || text == "[") {
        end = text == "{" ? "}" : "]"
        for (text = token(); text != end || count; count++) {
            key = count + 0
            if (end == "}") {
                if (text !~ /^"/ || token() != ":")
                    fail()
                key = substr(text, 2, length(text) - 2)
                text = token()
            }
            value(text, path == "" ? key : path "." key)
            text = token()
            if (text == end)
                return
            if (text != ",")
                fail()
            text = token()
        }
        print path "="
    } else if (text ~ /^[]}:,]/) {
        fail()
    } else {
        print path "=" (text ~ /^"/ ? substr(text, 2, length(text) - 2) : text)
    }
}

function fail()
{
    print "this is no JSON: " substr(rest, 1, 60)
    exit 1
}
