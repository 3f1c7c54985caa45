#!/usr/bin/env bash
# Installs what is missing, builds everything with its tests, runs all of them.
#   tests/run.sh [PRESET] [ctest options]     PRESET: dev (default), asan, tsan
set -euo pipefail
cd "$(dirname "$0")/.."
preset=dev
case ${1:-} in dev | asan | tsan) preset=$1 && shift ;; esac
.ci/install
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset"
export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp ${TSAN_OPTIONS:-}"
exec ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$(nproc)" "$@"
