# What every target of the project shares: the include root, the language dialect, the warnings.

option(TAILGATE_WERROR "Treat compiler warnings as errors (the presets switch it on)" OFF)
set(TAILGATE_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them: address,undefined or thread")
option(TAILGATE_COVERAGE "Instrument for coverage" OFF)

# Assertions stay in every build: a programming error must not become a wrong verdict. They stand outside of
# the measured loop. And -O2, not CMake's -O3, whose vectoriser slows the random numbers down.
set(CMAKE_C_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g")

add_library(tg_options INTERFACE)
target_include_directories(tg_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(tg_options INTERFACE _GNU_SOURCE TG_VERSION="${PROJECT_VERSION}")
# Floating-point contraction would let one machine fuse what another rounds twice; the streams' values
# have to be the same on both.
target_compile_options(tg_options INTERFACE -ffp-contract=off
  -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2 -Wundef -Wvla
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition>)
if(TAILGATE_WERROR)
  target_compile_options(tg_options INTERFACE -Werror)
endif()
if(TAILGATE_SANITIZE)
  target_compile_options(tg_options INTERFACE -fsanitize=${TAILGATE_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(tg_options INTERFACE -fsanitize=${TAILGATE_SANITIZE})
endif()
if(TAILGATE_COVERAGE)
  target_compile_options(tg_options INTERFACE --coverage -O0)
  target_link_options(tg_options INTERFACE --coverage)
endif()

# tg_library(NAME SOURCES ... LINKS ...): one static library per folder.
function(tg_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC tg_options ${ARG_LINKS})
endfunction()
