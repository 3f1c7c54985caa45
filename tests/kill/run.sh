#!/usr/bin/env bash
# kill -9 at random moments of an apply against the simulator: see kill_apply.py.
#   tests/kill/run.sh [BUILD_DIR] [--kills N] [--seed N] [--only ROUND]     BUILD_DIR: build/dev
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build/dev
if (($# > 0)) && [[ $1 != --* ]]; then
  build=$1
  shift
fi
unset TF_LOG TF_CLI_ARGS TF_CLI_ARGS_apply TF_CLI_ARGS_plan TF_WORKSPACE
exec "$here/../simulator/with-sim.sh" "$build" -- python3 "$here/kill_apply.py" --tkn "$build/tkn" "$@"
