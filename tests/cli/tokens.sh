#!/usr/bin/env bash
# What tkn does with tokens beyond the official provider, and the examples that show it, against the simulator.
#   tokens.sh TKN EXAMPLES        with LINODE_URL and LINODE_TOKEN of a simulator
url=$LINODE_URL token=$LINODE_TOKEN
examples=$(realpath "$2")
. "$(dirname "$0")/expect.sh"
export LINODE_URL=$url LINODE_TOKEN=$token LINODE_TOKEN_WARNINGS=false

forget() { curl -s -X DELETE "$url/_sim/requests" >/dev/null; }
requests() { curl -s "$url/_sim/requests" | tr ',{' '\n\n' | sed -n "s|^ *\"$1\": *\([0-9]*\).*|\1|p"; }
# check NAME COMMAND...: that it holds
check() {
  local name=$1
  shift
  cases=$((cases + 1))
  "$@" >"$work/out" 2>&1 || fail "$name"
}
labels() { curl -s "$url/_sim/objects?path=/profile/tokens" | grep -o "\"label\": *\"$1[^\"]*\"" | wc -l; }

# --- one listing for many
fresh <<'TF'
resource "linode_token" "t" {
  count  = 30
  label  = "many-${count.index}"
  scopes = "linodes:read_only"
}
TF
expect "30 tokens are made" 0 "30 added" -- "$tkn" apply -auto-approve
forget
expect "nothing to do" 0 "No changes" -- "$tkn" plan -detailed-exitcode
check "one listing reads them all" test "$(requests 'GET /profile/tokens')" = 1
check "and no single read" test -z "$(requests 'GET /profile/tokens/[0-9]*')"

# --- taking them over in one operation
cp -r "$work/dir" "$work/owner"
fresh <<'TF'
data "linode_tokens" "all" {
  filter {
    name     = "label"
    values   = ["many-"]
    match_by = "substring"
  }
}
locals {
  tokens = { for token in data.linode_tokens.all.tokens : token.id => token }
}
import {
  for_each = local.tokens
  to       = linode_token.adopted[each.key]
  id       = each.key
}
resource "linode_token" "adopted" {
  for_each = local.tokens
  label    = each.value.label
  scopes   = each.value.scopes
  expiry   = each.value.expiry
}
TF
expect "import blocks take over what the data source lists" 0 "30 imported, 0 added, 0 changed, 0 destroyed" -- \
  "$tkn" apply -auto-approve
expect "an empty plan follows" 0 "No changes" -- "$tkn" plan -detailed-exitcode
cd "$work/owner" && "$tkn" destroy -auto-approve >/dev/null
cd "$work/dir" && rm -rf "$work/owner"
expect "what another one revoked is told" 0 "Token No Longer Exists" -- "$tkn" plan

# --- a token for the run alone
fresh <<'TF'
ephemeral "linode_token" "run" {
  label  = "for-the-run"
  scopes = "linodes:read_only"
}
provider "linode" {
  alias = "narrow"
  token = ephemeral.linode_token.run.token
}
variable "fail" {
  type    = bool
  default = false
}
resource "terraform_data" "work" {
  input = "x"
  provisioner "local-exec" {
    command = var.fail ? "exit 3" : "true"
  }
}
TF
expect "an ephemeral token" 0 "1 added" -- "$tkn" apply -auto-approve
check "is revoked at the end" test "$(labels for-the-run)" = 0
"$tkn" state pull >"$work/state"
check "and not in the state" bash -c "! grep -q for-the-run '$work/state'"
expect "a run that fails" 1 "exit status 3" -- "$tkn" apply -auto-approve -var fail=true -replace=terraform_data.work
check "revokes it, too" test "$(labels for-the-run)" = 0
cat >>main.tf <<'TF'
resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "sleep 30"
  }
}
TF
"$tkn" apply -auto-approve >"$work/slow" 2>&1 &
pid=$!
for _ in $(seq 100); do
  grep -q "slow: Provisioning" "$work/slow" && break
  sleep 0.1
done
check "it is there while the run needs it" test "$(labels for-the-run)" = 1
kill -INT "$pid"
sleep 0.5
kill -INT "$pid"
wait "$pid"
check "a run that is broken off by signals revokes it" test "$(labels for-the-run)" = 0

# --- rotation
cp -r "$examples/rotation" "$work/rotation"
cd "$work/rotation" || exit 1
export TF_VAR_handover="curl -s -o /dev/null -w '%{http_code}\n' -H \"Authorization: Bearer \$SECRET\" $url/v4/profile >>'$work/handover'"
expect "rotation: the example" 0 "2 added" -- "$tkn" apply -auto-approve
expect "rotation: not due" 0 "No changes" -- "$tkn" plan -detailed-exitcode
first=$("$tkn" state show linode_token.ci | sed -n 's/^ *id *= "\(.*\)"/\1/p')
expect "rotation: on request the new one comes first" 0 "\\+/- resource \"linode_token\" \"ci\"" "as requested" -- \
  "$tkn" plan -rotate=linode_token.ci
sleep 2 # ends are whole seconds, and this token has to be older than one
expect "rotation: due" 0 "must be .*replaced" "expiry .*forces replacement" -- \
  "$tkn" plan -var lifetime=90d -var rotate_before=89d23h59m59s
expect "rotation: is carried out" 0 "2 added, 0 changed, 2 destroyed" -- \
  "$tkn" apply -auto-approve -var rotate_before=89d23h59m59s
check "rotation: the old one is revoked last" bash -c \
  "curl -s '$url/_sim/requests?path=/profile/tokens/$first&method=DELETE' | grep -q DELETE "
second=$("$tkn" state show linode_token.ci | sed -n 's/^ *id *= "\(.*\)"/\1/p')
check "rotation: one is left" test "$(labels ci)" = 1
check "rotation: it is another token" test "$first" != "$second"

# --- the ACME example
cp -r "$examples/acme-dns" "$work/acme" && cd "$work/acme" || exit 1
expect "acme: the example" 0 "4 added" -- "$tkn" apply -auto-approve
expect "acme: nothing to do afterwards" 0 "No changes" -- "$tkn" plan -detailed-exitcode
secret=$("$tkn" output -raw environment | cut -d= -f2)
zone=$("$tkn" state show linode_domain.zone | sed -n 's/^ *id *= "\(.*\)"/\1/p')
check "acme: the token may write a challenge" test "$(curl -s -o /dev/null -w '%{http_code}' \
  -H "Authorization: Bearer $secret" -H 'Content-Type: application/json' \
  -d '{"type": "TXT", "name": "_acme-challenge", "target": "x"}' "$url/v4/domains/$zone/records")" = 200
check "acme: and nothing else" test "$(curl -s -o /dev/null -w '%{http_code}' \
  -H "Authorization: Bearer $secret" "$url/v4/linode/instances")" = 401
expect "acme: destroyed" 0 "4 destroyed" -- "$tkn" destroy -auto-approve

# --- what is told before anything is made
unset LINODE_TOKEN_WARNINGS
fresh <<'TF'
resource "linode_token" "a" {
  label  = "a"
  scopes = "linode:read_only"
}
TF
expect "a mistyped scope" 0 "Unknown scope" '"linodes:read_only"' -- "$tkn" validate
fresh <<'TF'
resource "linode_token" "a" {
  label  = "a"
  scopes = "*"
}
TF
expect "a token that may do all, for ever" 0 "Token Never Expires" "Token May Do Everything" -- "$tkn" plan
expect "offline no question is asked" 0 "1 to add" -- env LINODE_URL=http://127.0.0.1:1 "$tkn" plan -offline
finish
