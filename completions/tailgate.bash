# shellcheck shell=bash
# Completion of tailgate for bash.

_tailgate() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local command=${COMP_WORDS[1]} commands="run gate selftest before after compare lint plan show engines doctor help"
    COMPREPLY=()

    if [ "$COMP_CWORD" -eq 1 ]; then
        _tailgate_words "$commands --help --version"
        return
    fi
    case $previous in
    --log)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
        ;;
    --out)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
        return
        ;;
    --records | --log)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
        ;;
    --set | --before | --after | --before-ref | --after-ref | --build | --phase | --budget | --baseline | --op | --effect | --gates | --for) return ;;
    esac
    case $command,$current in
    run,-*) _tailgate_words "--set --json --out --quiet --no-coverage --help" ;;
    gate,-*) _tailgate_words "--before --after --set --before-ref --after-ref --build --bisect --phase --budget --baseline --across-hosts --allow-inconclusive --json --log --quiet --help" ;;
    selftest,-*) _tailgate_words "--op --effect --no-aa --gates --for --budget --phase --set --records --json --quiet --help" ;;
    before,-*) _tailgate_words "--competitive --set --replace --quiet --help" ;;
    after,-*) _tailgate_words "--competitive --set --budget --allow-inconclusive --quiet --help" ;;
    compare,-*) _tailgate_words "--competitive --json --log --allow-inconclusive --help" ;;
    lint,-*) _tailgate_words "--set --help" ;;
    plan,-*) _tailgate_words "--set --json --help" ;;
    show,-*) _tailgate_words "--json --list --help" ;;
    engines,-* | doctor,-*) _tailgate_words "--json --help" ;;
    help,*) _tailgate_words "$commands" ;;
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

complete -F _tailgate tailgate
