#!/usr/bin/env bash
# What an applied configuration is shown as: states, outputs, streams.
#   shown.sh TKN
set -uo pipefail
source "$(dirname "$0")/expect.sh"

fresh <<'TF'
output "text" { value = "" }
output "list" { value = ["", "x"] }
output "object" {
  value = { a = null, b = "" }
}
TF
expect "apply" 0 -- "$tkn" apply -auto-approve
expect "outputs by their type, as Terraform shows them" 0 '^text += null$' '^    null,$' '^    b = null$' -- "$tkn" show
grep -q 'a = ' "$work/out" && fail "an attribute that is null is left out"
expect "output shows them as they are" 0 '^text += ""$' '^  "a" = null$' -- "$tkn" output

finish
