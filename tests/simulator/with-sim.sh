#!/usr/bin/env bash
# Starts linode-sim on a free port, runs a command that finds it in LINODE_URL and LINODE_TOKEN, stops it.
#
#   tests/simulator/with-sim.sh BUILD_DIR [linode-sim's flags] -- COMMAND [ARGUMENTS]
#
# Also exported: TKN_SIM_LOG, a file with one JSON line for each request. Ends with the command's exit code.
set -euo pipefail

if (($# < 3)); then
  sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
sim=$1/tests/linode-sim
shift
flags=()
while (($# > 0)) && [[ $1 != -- ]]; do
  flags+=("$1")
  shift
done
if (($# < 2)); then
  echo "with-sim.sh: no command after --" >&2
  exit 2
fi
shift
if [[ ! -x $sim ]]; then
  echo "with-sim.sh: $sim is not built (cmake --build with the target linode-sim)" >&2
  exit 2
fi

dir=$(mktemp -d)
pid=
finish() {
  if [[ -n $pid ]]; then
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  fi
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

LINODE_TOKEN=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
export TKN_SIM_LOG=$dir/requests.log
"$sim" --port-file "$dir/port" --token "$LINODE_TOKEN" --log "$TKN_SIM_LOG" "${flags[@]}" \
  >"$dir/out" 2>&1 &
pid=$!
for ((i = 0; i < 200; ++i)); do
  [[ -s $dir/port ]] && break
  if ! kill -0 "$pid" 2>/dev/null; then
    cat "$dir/out" >&2
    exit 1
  fi
  sleep 0.05
done
if [[ ! -s $dir/port ]]; then
  echo "with-sim.sh: linode-sim did not start in 10 s" >&2
  exit 1
fi
export LINODE_TOKEN
LINODE_URL=http://127.0.0.1:$(cat "$dir/port")
export LINODE_URL

code=0
"$@" || code=$?
exit "$code"
