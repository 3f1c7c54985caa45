# Sourced by the scripts of this folder: a work directory, and commands with what they must answer.
#   $tkn, $work; expect, fresh; finish, the last line of a script
tkn=$(realpath "$1")
work=$(mktemp -d)
trap 'umount "$work/full" "$work/readonly" 2>/dev/null; rm -rf "$work"' EXIT
unset LINODE_TOKEN LINODE_URL TF_LOG TF_CLI_ARGS
export NO_COLOR=1 HOME=$work
failures=0
cases=0

fail() {
  echo "FAIL $1"
  head -c 3000 "$work/out" | sed 's/^/    /'
  failures=$((failures + 1))
}

# expect NAME CODE PATTERN... -- COMMAND...: the exit code, and every pattern (extended regex) in the output.
expect() {
  local name=$1 code=$2 patterns=()
  shift 2
  while [ "$1" != -- ]; do patterns+=("$1") && shift; done
  shift
  cases=$((cases + 1))
  timeout 60 "$@" >"$work/out" 2>&1 </dev/null
  local got=$?
  [ "$got" -eq "$code" ] || { fail "$name: exit code $got, not $code" && return; }
  for pattern in "${patterns[@]}"; do
    grep -qE -- "$pattern" "$work/out" || { fail "$name: no \"$pattern\"" && return; }
  done
}

# A new directory with standard input as main.tf.
fresh() { cd "$work" && rm -rf dir && mkdir dir && cd dir && cat >main.tf; }


finish() {
  echo "$((cases - failures)) passed, $failures failed"
  [ "$failures" -eq 0 ]
}
