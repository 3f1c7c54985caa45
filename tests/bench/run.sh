#!/usr/bin/env bash
# Measures tkn, and terraform where there is one, on the same configurations in one run.
#   tests/bench/run.sh [--tkn PROGRAM] [--sizes 1000,5000,20000] [--shapes separate,tree,count,modules] [--runs 5] [--terraform PROGRAM|none]
#                      [--patient]
#   tests/bench/run.sh state [--runs 5] [--check]
#   tests/bench/run.sh language [--megabytes 20] [--runs 5] [--terraform PROGRAM|none]
set -euo pipefail
cd "$(dirname "$0")/../.."
what=bench
if [ "${1:-}" = language ] || [ "${1:-}" = state ]; then
  what=$1
  shift
fi
case " $* " in
  *" --tkn "*) ;;
  *)
    .ci/install
    cmake --preset release >/dev/null
    cmake --build --preset release >/dev/null
    set -- --tkn build/release/tkn "$@"
    if [ "$what" = language ]; then
      cmake --build --preset release --target parse_bench >/dev/null
      set -- --parse-bench build/release/parse_bench "$@"
    fi
    ;;
esac
exec python3 "tests/bench/$what.py" "$@"
