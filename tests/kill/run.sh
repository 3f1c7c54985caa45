#!/usr/bin/env bash
# kill -9 against the simulator.
#   tests/kill/run.sh [BUILD_DIR] [--kills N] [--seed N] [--only ROUND]     at random moments of an apply: kill_apply.py
#   tests/kill/run.sh [BUILD_DIR] --calls [--kills N] [--seed N] ...        at each system call of all kinds of commands:
#                                                                           kill_calls.py
# BUILD_DIR is build/dev unless given. TKN is the program to kill, BUILD_DIR/tkn unless set.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build/dev
if (($# > 0)) && [[ $1 != --* ]]; then
  build=$1
  shift
fi
tkn=${TKN:-$build/tkn}
unset TF_LOG TF_CLI_ARGS TF_CLI_ARGS_apply TF_CLI_ARGS_plan TF_WORKSPACE TKN_STATE_HISTORY
if [[ ${1:-} == --calls ]]; then
  shift
  LINODE_TOKEN=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
  export LINODE_TOKEN
  exec python3 "$here/kill_calls.py" --tkn "$tkn" --sim "$build/tests/linode-sim" \
    --preload "$build/tests/die_at_call.so" "$@"
fi
exec "$here/../simulator/with-sim.sh" "$build" -- python3 "$here/kill_apply.py" --tkn "$tkn" "$@"
