#!/usr/bin/env bash
# Measures tkn, and terraform where there is one, on the same configurations in one run.
#   tests/bench/run.sh [--tkn PROGRAM] [--sizes 1000,5000,20000] [--runs 5] [--terraform PROGRAM|none]
set -euo pipefail
cd "$(dirname "$0")/../.."
case " $* " in
  *" --tkn "*) ;;
  *)
    .ci/install
    cmake --preset release >/dev/null
    cmake --build --preset release >/dev/null
    set -- --tkn build/release/tkn "$@"
    ;;
esac
exec python3 tests/bench/bench.py "$@"
