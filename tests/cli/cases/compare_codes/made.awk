# Prints a comparison of one metric, made from what each of its launches is to say. With -v:
#
#   launches     "10*1 5*1.1": ten launches without a change, then five that take 10 % longer
#   margin       a fraction
#   before_ns    what the side before takes
#   failed       failing operations in each launch, of 1,000, after the change alone
#   end          how it ended
#   competitive  true or false
#
# From launch to launch before_ns varies by up to 0.1 %, and so does the change.
BEGIN {
    count = 0
    groups = split(launches, group, " ")
    for (g = 1; g <= groups; g++) {
        split(group[g], part, "*")
        for (i = 0; i < part[1]; i++) {
            change[count] = part[2] * (1 + 0.0002 * (count * 7 % 11 - 5))
            count++
        }
    }
    printf "{\"kind\": \"tailgate-comparison\", \"format\": 1, \"tailgate\": \"0\", \"id\": \"made\",\n"
    printf "\"verdict\": \"pass\", \"exit_code\": 0, \"task\": \"001\", \"competitive\": %s,\n", competitive
    printf "\"started_unix_ms\": 1763683200000, \"elapsed_ns\": 42000000000,\n"
    died = end == "crashed"
    printf "\"end\": {\"how\": \"%s\", \"failed_side\": %s, \"crash\": %s},\n", end,
        died ? "\"after\"" : "null", died ? "\"it was made to\"" : "null"
    printf "\"scenario\": {\"name\": \"nothing\", \"path\": \"nothing.toml\", \"phase\": \"offer\", "
    printf "\"rate_per_s\": 0, \"workers\": 1, \"seed\": \"1\", \"stream_fingerprint\": \"f\", \"engine\": \"noop\"},\n"
    side("before")
    side("after")
    printf "\"git\": null, \"host\": null,\n"
    printf "\"plan\": {\"budget_ns\": 60000000000, \"pairs\": 10, \"slice_ns\": 50000000, \"open_slice_ns\": 0},\n"
    printf "\"metrics\": [{\"name\": \"nothing.p50\", \"unit\": \"ns\", \"better\": \"lower\", \"open_loop\": false,\n"
    printf "\"pooled_only\": false, \"margin\": %s, \"why_not\": null, \"verdict\": \"pass\", \"values\": [\n", margin
    for (i = 0; i < count; i++) {
        took = before_ns * (1 + 0.0002 * (i * 3 % 11 - 5))
        printf "{\"before\": %.9g, \"after\": %.9g, \"typical\": %.9g}%s\n", took, took * change[i],
            log(change[i]), i + 1 < count ? "," : ""
    }
    printf "]}],\n\"ops\": [{\"name\": \"nothing\", \"weight\": 1, \"values\": [\n"
    for (i = 0; i < count; i++) {
        printf "{\"before_ns\": null, \"after_ns\": null, \"before_count\": 0, \"after_count\": 0}%s\n", \
            i + 1 < count ? "," : ""
    }
    printf "]}],\n\"launches\": [\n"
    for (i = 0; i < count; i++) {
        printf "{\"operations_before\": 1000, \"operations_after\": 1000, \"failed_before\": 0, \"failed_after\": %d, ", failed
        printf "\"pairs\": 10, \"pairs_dropped\": 0, \"steal_ns\": 0}%s\n", i + 1 < count ? "," : ""
    }
    printf "]}\n"
}

function side(name)
{
    printf "\"%s\": {\"label\": \"made\", \"bundle\": null, \"scenario_hash\": \"h\", \"overrides\": [], \"facts\": []},\n", name
}
