#!/usr/bin/env bash
# Runs every fuzz target, two at a time, and fails on the first crash, leak, hang or wrong answer.
#   tests/fuzz/run.sh [SECONDS each, default 60] [TARGET...]
# What was found stays in build/fuzz/findings; what was learnt, in build/fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v clang++-14 >/dev/null; then
  echo "fuzzing: skipped, there is no clang++-14 (packages clang-14 and libclang-rt-14-dev)"
  exit 0
fi
seconds=${1:-60}
[ $# -eq 0 ] || shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(native json template format evaluate tfvars)
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}"

one() {
  local name=$1 seeds=tests/fuzz/seeds/$1 dictionary=tests/fuzz/native.dict
  case $name in
    format) seeds=tests/fuzz/seeds/native ;;
    json) dictionary=tests/fuzz/json.dict ;;
  esac
  local corpus=build/fuzz/corpus/$name findings=build/fuzz/findings/$name
  mkdir -p "$corpus" "$findings"
  local log=$findings/log
  if "build/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=4096 \
    -dict="$dictionary" -artifact_prefix="$findings/" -print_final_stats=1 "$corpus" "$seeds" >"$log" 2>&1; then
    echo "fuzz_$name: $(grep 'number_of_executed_units' "$log" | grep -o '[0-9]*') inputs, nothing found"
  else
    tail -n 40 "$log"
    echo "fuzz_$name: FAILED, see $findings"
    return 1
  fi
}
export -f one
export seconds
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'one {}'
