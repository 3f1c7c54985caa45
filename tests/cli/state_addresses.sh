#!/usr/bin/env bash
# What the addresses given to the commands on states mean, and what is told when they mean nothing.
#   state_addresses.sh TKN
set -uo pipefail
source "$(dirname "$0")/expect.sh"

fresh <<'TF'
resource "terraform_data" "a" {}
resource "terraform_data" "b" { count = 2 }
TF
expect "apply" 0 -- "$tkn" apply -auto-approve
"$tkn" state pull >first.json
expect "to another type" 1 'Error: Invalid state move request' -- "$tkn" state mv terraform_data.a other_type.a
expect "to another mode and type" 1 'Error: Invalid state move request' -- "$tkn" state mv terraform_data.a data.x.y
[ "$(grep -c 'Error: Invalid state move request' "$work/out")" = 2 ] || fail "each difference is an error"
expect "onto itself" 1 'Error: Invalid target address' -- "$tkn" state mv terraform_data.a terraform_data.a
expect "a single object beside those with keys" 0 'Successfully moved 1' -- "$tkn" state mv terraform_data.a terraform_data.b
expect "where it can be named alone" 0 'Successfully moved 1' -- "$tkn" state mv terraform_data.b terraform_data.c
expect "and the others stay" 0 '^terraform_data.b\[0\]$' '^terraform_data.b\[1\]$' '^terraform_data.c$' -- "$tkn" state list
expect "without a single object it is all of them" 1 'Error: Invalid target address' -- \
  "$tkn" state mv terraform_data.b terraform_data.c
expect "no address" 1 '^Error parsing instance address: foo$' -- "$tkn" state show foo
expect "data is not tainted" 1 '^Resource instance data.x.y cannot be tainted$' -- "$tkn" taint data.x.y
expect "an older state is refused" 1 'over newer state' -- "$tkn" state push first.json
expect "nothing would be forgotten" 0 '^Would have removed nothing' -- "$tkn" state rm -dry-run terraform_data.z
expect "and nothing is an error" 1 'Error: Invalid target address' -- "$tkn" state rm terraform_data.z
expect "all is forgotten" 0 -- "$tkn" state rm terraform_data.b terraform_data.c
expect "unless nothing is lost" 0 -- "$tkn" state push first.json
expect "and all is back" 0 '^terraform_data.a$' -- "$tkn" state list

finish
