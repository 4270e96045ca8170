# shellcheck shell=bash
# Completion of tailgate for bash.

_tailgate() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local command=${COMP_WORDS[1]} commands="run gate selftest before after compare baseline report lint plan show engines doctor help"
    COMPREPLY=()

    if [ "$COMP_CWORD" -eq 1 ]; then
        _tailgate_words "$commands --help --version"
        return
    fi
    case $previous in
    --out)
        # A result and a milestone are folders, the other reports files.
        local what=-d
        [ "$command" != report ] || [ "${COMP_WORDS[2]}" = milestone ] || what=-f
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen "$what" -- "$current")
        return
        ;;
    --format)
        case ${COMP_WORDS[2]} in
        compare) _tailgate_words "markdown json junit github html" ;;
        *) _tailgate_words "markdown html json" ;;
        esac
        return
        ;;
    --comparison)
        _tailgate_words "$(ls "${TAILGATE_HOME:-.tailgate}/comparisons" 2>/dev/null)"
        return
        ;;
    --records | --log)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
        ;;
    --baseline)
        _tailgate_words "$(_tailgate_baselines)"
        return
        ;;
    --set | --before | --after | --before-ref | --after-ref | --build | --before-bundle | --after-bundle | --phase | --budget | --op | --effect | --gates | --for | --headroom) return ;;
    esac
    case $command,$current in
    run,-*) _tailgate_words "--set --phase --json --out --quiet --no-coverage --no-sweep --full --help" ;;
    gate,-*) _tailgate_words "--before --after --set --before-ref --after-ref --build --bisect --before-bundle --after-bundle --phase --budget --baseline --across-hosts --allow-inconclusive --json --log --quiet --help" ;;
    selftest,-*) _tailgate_words "--op --effect --no-aa --gates --for --budget --phase --set --records --json --quiet --help" ;;
    before,-*) _tailgate_words "--competitive --set --replace --quiet --help" ;;
    after,-*) _tailgate_words "--competitive --set --budget --allow-inconclusive --quiet --help" ;;
    compare,-*) _tailgate_words "--competitive --json --log --allow-inconclusive --help" ;;
    report,-*) _tailgate_words "--format --comparison --competitive --out --set --sweep --headroom --allow-inconclusive --exit-zero --replace --no-pictures --json --help" ;;
    baseline,-*) _tailgate_words "--set --phase --budget --local --replace --quiet --json --help" ;;
    lint,-*) _tailgate_words "--set --help" ;;
    plan,-*) _tailgate_words "--set --json --help" ;;
    show,-*) _tailgate_words "--json --sweep --list --help" ;;
    engines,-* | doctor,-*) _tailgate_words "--json --help" ;;
    help,*) _tailgate_words "$commands" ;;
    baseline,*)
        case $COMP_CWORD,${COMP_WORDS[2]} in
        2,*) _tailgate_words "save list show rm" ;;
        3,show | 3,rm) _tailgate_words "$(_tailgate_baselines)" ;;
        4,save)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -X '!*.toml' -- "$current"
                compgen -d -- "$current")
            ;;
        esac
        ;;
    report,*)
        case $COMP_CWORD,${COMP_WORDS[2]} in
        2,*) _tailgate_words "run index compare milestone" ;;
        3,run) _tailgate_words "$(ls "${TAILGATE_HOME:-.tailgate}/results" 2>/dev/null)" ;;
        3,index | *,milestone)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -X '!*.toml' -- "$current"
                compgen -d -- "$current")
            ;;
        3,compare) _tailgate_words "$(ls "${TAILGATE_HOME:-.tailgate}/tasks" 2>/dev/null)" ;;
        esac
        ;;
    run,* | gate,* | selftest,* | lint,* | plan,*)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -X '!*.toml' -- "$current"
            compgen -d -- "$current")
        ;;
    before,* | after,* | compare,*)
        _tailgate_words "$(ls "${TAILGATE_HOME:-.tailgate}/tasks" 2>/dev/null)"
        [ "$COMP_CWORD" -lt 3 ] || mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(
            compgen -f -X '!*.toml' -- "$current")
        ;;
    show,*) _tailgate_words "$(ls "${TAILGATE_HOME:-.tailgate}/results" 2>/dev/null)" ;;
    esac
}

_tailgate_words() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

_tailgate_baselines() {
    local file
    for file in baselines/*.json "${TAILGATE_HOME:-.tailgate}"/baselines/*.json; do
        [ -e "$file" ] || continue
        file=${file##*/}
        echo "${file%.json}"
    done
}

complete -F _tailgate tailgate
