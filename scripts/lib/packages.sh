# shellcheck shell=sh
# What Tailgate needs from the system and which package brings it, in one table. Sourced, not run.
#
#   need_packages SET...    SET: build, test, ci. Returns when everything of these sets is there, having
#                           installed what was missing where apt-get is the package manager. Elsewhere,
#                           and without the rights to install, it names the packages and exits 1.

# A need is cmd:NAMES (one of these programs), pkg:MODULE (a pkg-config module), lib:NAME (a shared
# library the loader finds) or file:PATH. "-" where a system has no such package.
package_table() {
    cat <<'TABLE'
set    need                                debian                    fedora                arch               alpine            brew
build  cmd:git                             git                       git                   git                git               git
build  cmd:cmake                           cmake                     cmake                 cmake              cmake             cmake
build  cmd:make                            make                      make                  make               make              make
build  cmd:cc,gcc,clang                    gcc                       gcc                   gcc                gcc               gcc
build  cmd:c++,g++,clang++                 g++                       gcc-c++               gcc                g++               gcc
build  cmd:pkg-config                      pkg-config                pkgconf-pkg-config    pkgconf            pkgconf           pkgconf
build  pkg:libcjson                        libcjson-dev              cjson-devel           cjson              cjson-dev         cjson
build  pkg:tomlplusplus                    libtomlplusplus-dev       tomlplusplus-devel    tomlplusplus       tomlplusplus-dev  tomlplusplus
build  pkg:expat                           libexpat1-dev             expat-devel           expat              expat-dev         expat
build  pkg:libmd                           libmd-dev                 libmd-devel           libmd              libmd-dev         libmd
build  pkg:zlib                            zlib1g-dev                zlib-devel            zlib               zlib-dev          zlib
build  pkg:sqlite3                         libsqlite3-dev            sqlite-devel          sqlite             sqlite-dev        sqlite
build  lib:libsqlite3                      libsqlite3-0              sqlite-libs           sqlite             sqlite-libs       sqlite
test   pkg:cmocka                          libcmocka-dev             libcmocka-devel       cmocka             cmocka-dev        cmocka
test   cmd:sqlite3                         sqlite3                   sqlite                sqlite             sqlite            sqlite
ci     cmd:clang-14                        clang-14                  -                     -                  -                 -
ci     cmd:clang-format-14                 clang-format-14           -                     -                  -                 -
ci     cmd:clang-tidy-14                   clang-tidy-14             -                     -                  -                 -
ci     file:/usr/lib/clang/14/lib/linux    libclang-rt-14-dev        -                     -                  -                 -
ci     cmd:shellcheck                      shellcheck                -                     -                  -                 -
ci     cmd:groff                           groff-base                -                     -                  -                 -
ci     cmd:zsh                             zsh                       -                     -                  -                 -
ci     cmd:javac                           default-jdk-headless      -                     -                  -                 -
ci     file:/usr/share/java/hdrhistogram.jar  libhdrhistogram-java   -                     -                  -                 -
ci     cmd:node                            nodejs                    -                     -                  -                 -
ci     cmd:npm                             npm                       -                     -                  -                 -
TABLE
}

cmake_needed=3.25

need_packages() {
    sets=" $* "
    missing=$(missing_needs) || exit 1
    if [ -n "$missing" ]; then
        system=$(package_system)
        # shellcheck disable=SC2086 # a list of needs
        packages=$(packages_for "$system" $missing)
        if [ "$system" = debian ]; then
            # shellcheck disable=SC2086
            install_with_apt $packages
            missing=$(missing_needs)
            [ -z "$missing" ] || give_up "still missing after the installation: $missing"
        else
            name_packages "$system" "$packages" "$missing"
            exit 1
        fi
    fi
    check_cmake
}

give_up() {
    printf 'tailgate: %s\n' "$*" >&2
    exit 1
}

# The needs of $sets that are not met, one a line.
missing_needs() {
    package_table | while read -r set need _; do
        case $sets in
        *" $set "*) is_there "$need" || printf '%s\n' "$need" ;;
        esac
    done
}

is_there() {
    what=${1#*:}
    case $1 in
    cmd:*)
        for name in $(printf '%s' "$what" | tr ',' ' '); do
            command -v "$name" >/dev/null 2>&1 && return 0
        done
        return 1
        ;;
    pkg:*) pkg-config --exists "$what" 2>/dev/null ;;
    lib:*) library_there "$what" ;;
    file:*) [ -e "$what" ] ;;
    esac
}

# ldconfig's list where there is one; otherwise the development package is taken as the proof.
library_there() {
    if [ -x /sbin/ldconfig ] && /sbin/ldconfig -p >/dev/null 2>&1; then
        /sbin/ldconfig -p | grep -q "$1\.so\."
    else
        pkg-config --exists "${1#lib}" 2>/dev/null
    fi
}

# The table's column for this system, or "unknown".
package_system() {
    if command -v apt-get >/dev/null 2>&1; then
        echo debian
        return
    fi
    if [ "$(uname -s)" = Darwin ]; then
        echo brew
        return
    fi
    for id in $(sed -n 's/^ID=//p; s/^ID_LIKE=//p' "${OS_RELEASE:-/etc/os-release}" 2>/dev/null | tr -d \"); do
        case $id in
        fedora | arch | alpine) echo "$id" && return ;;
        rhel | centos) echo fedora && return ;;
        esac
    done
    echo unknown
}

packages_for() {
    system=$1
    shift
    package_table | awk -v target="$system" -v needs="$*" '
        BEGIN { count = split(needs, list, " "); for (i = 1; i <= count; i++) wanted[list[i]] = 1 }
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == target) column = i; next }
        column && ($2 in wanted) && $column != "-" && !seen[$column]++ {
            printf "%s%s", separator, $column
            separator = " "
        }'
}

install_with_apt() {
    if [ "$(id -u)" -eq 0 ]; then
        as_root='env'
    elif command -v sudo >/dev/null 2>&1; then
        as_root='sudo env'
    else
        give_up "missing packages, and neither root nor sudo; as root: apt-get install $*"
    fi
    say "installing with ${as_root%env}apt-get: $*"
    as_root="$as_root DEBIAN_FRONTEND=noninteractive"
    # shellcheck disable=SC2086 # a command in several words
    step "package lists" apt-update $as_root apt-get -q -o DPkg::Lock::Timeout=300 update &&
        step "packages" apt-install $as_root apt-get -q -y -o DPkg::Lock::Timeout=300 \
            install --no-install-recommends "$@" || exit 1
}

name_packages() {
    case $1 in
    fedora) command="sudo dnf install" ;;
    arch) command="sudo pacman -S --needed" ;;
    alpine) command="sudo apk add musl-dev" ;;
    brew) command="brew install" ;;
    *) command= ;;
    esac
    {
        if [ -n "$command" ] && [ -n "$2" ]; then
            printf 'tailgate: missing packages. Install them and run this script again:\n'
            printf '    %s %s\n' "$command" "$2"
        else
            printf 'tailgate: missing, and no known package manager to get it from:\n'
            printf '%s\n' "$3" | sed 's/cmd:/program /; s/pkg:/pkg-config module /; s/lib:/library /; s/file:/file /; s/^/    /'
            printf 'On Debian 12 these come with: apt-get install %s\n' \
                "$(packages_for debian "$(printf '%s' "$3" | tr '\n' ' ')")"
        fi
    } >&2
}

check_cmake() {
    have=$(cmake --version | sed -n 's/^cmake version \([0-9]*\.[0-9]*\).*/\1/p')
    printf '%s %s\n' "$have" "$cmake_needed" | awk '
        { split($1, have, "."); split($2, need, ".")
          exit !(have[1] > need[1] || (have[1] == need[1] && have[2] >= need[2])) }' ||
        give_up "cmake $have is too old, $cmake_needed is needed: take Debian 12 or later, or https://cmake.org/download/"
}
