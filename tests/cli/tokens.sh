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
forget
expect "30 tokens are made" 0 "30 added" -- "$tkn" apply -auto-approve
check "by 30 requests" test "$(requests total)" = 30
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

# --- no more at once than asked for
fresh <<'TF'
resource "linode_token" "t" {
  count  = 12
  label  = "wide-${count.index}"
  scopes = "linodes:read_only"
}
TF
fault='{"method": "POST", "path": "/profile/tokens", "latency_ms": 50, "times": 12}'
curl -s -X POST -d "$fault" "$url/_sim/faults" >/dev/null
forget
expect "twelve by four at a time" 0 "12 added" -- "$tkn" apply -auto-approve -parallelism=4
check "four requests were under way at once, and never more" test "$(requests most_at_once)" = 4
"$tkn" destroy -auto-approve >/dev/null
curl -s -X DELETE "$url/_sim/faults" >/dev/null

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
fresh <<'TF'
provider "linode" {
  token_lifetime = "10d"
}
resource "linode_token" "t" {
  label  = "overlap"
  scopes = "linodes:read_only"
}
resource "terraform_data" "user" {
  input = linode_token.t.id
}
TF
expect "rotation: a token that ends in ten days" 0 "2 added" -- "$tkn" apply -auto-approve
sed -i 's/"10d"/"90d"\n  token_rotate_before = "14d"/' main.tf
expect "rotation: without a word in its block the new one comes first" 0 "\\+/- resource \"linode_token\" \"t\"" \
  "1 to add, 1 to change, 1 to destroy" -- "$tkn" plan
sed -i 's/"linodes:read_only"/"linodes:read_only"\n  lifecycle {\n    create_before_destroy = false\n  }/' main.tf
expect "rotation: unless it says that it must not" 0 "-/\\+ resource \"linode_token\" \"t\"" -- "$tkn" plan
sed -i '/lifecycle {/,/}/d' main.tf
expect "rotation: the overlap" 0 "1 added, 1 changed, 1 destroyed" -- "$tkn" apply -auto-approve
cp "$work/out" "$work/shown"
check "rotation: the user had the new one before the old one was revoked" awk '
  /user: Modifications complete/ { changed = NR } /t.*Destroying/ { revoked = NR } END { exit !(changed && changed < revoked) }
' "$work/shown"
expect "rotation: nothing is left to do" 0 "No changes" -- "$tkn" plan -detailed-exitcode
"$tkn" destroy -auto-approve >/dev/null
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
forget
expect "a plan asks what the token in use may do" 0 "1 to add" -- "$tkn" plan
check "once" test "$(requests 'GET /profile')" = 1
forget
expect "an apply that nobody looks at before leaves that to the API" 0 "1 added" -- "$tkn" apply -auto-approve
check "so it asks nothing but for the token" test "$(requests total)" = 1
narrow=$(curl -s -X POST -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
  -d '{"label": "narrow", "scopes": "account:read_write linodes:read_only"}' "$url/v4/profile/tokens" |
  grep -o '"token": *"[^"]*' | sed 's/.*"//')
fresh <<'TF'
resource "linode_token" "wide" {
  label  = "too-wide"
  scopes = "linodes:read_write"
  expiry = "2035-01-01T00:00:00Z"
}
TF
for command in "plan" "apply -auto-approve"; do
  expect "scopes that the token in use lacks: $command" 1 "Scopes beyond those of the token in use" \
    "asks$|asks for linodes:read_write" "the token in use has account:read_write" -- \
    env LINODE_TOKEN="$narrow" "$tkn" $command
done
check "no token was made" test "$(labels too-wide)" = 0
# --- providers
fresh <<'TF'
variable "second" {
  type      = string
  sensitive = true
}
provider "linode" {}
provider "linode" {
  alias = "second"
  token = var.second
}
resource "terraform_data" "x" {}
TF
export TF_VAR_second=$narrow LINODE_TOKEN_WARNINGS=false
forget
expect "configured and not used" 0 "1 to add" -- "$tkn" plan
check "a provider asks nothing" test "$(requests total)" = 0
cat >>main.tf <<'TF'
resource "linode_token" "first" {
  label  = "by-first"
  scopes = "linodes:read_only"
}
resource "linode_token" "second" {
  provider = linode.second
  label    = "by-second"
  scopes   = "linodes:read_only"
}
output "secret" {
  value     = linode_token.second.token
  sensitive = true
}
TF
forget
expect "two accounts at once" 0 "3 added" -- env TF_LOG=debug "$tkn" apply -auto-approve
cp "$work/out" "$work/shown"
check "each with its own token" test \
  "$(curl -s "$url/_sim/requests?method=POST" | grep -o '"token_id": *[0-9]*' | sort -u | wc -l)" = 2
check "the log has the requests" grep -q "POST .*/profile/tokens" "$work/shown"
for secret in "$token" "$narrow" "$("$tkn" output -raw secret)"; do
  check "and no secret" bash -c "[ ${#secret} -gt 20 ] && ! grep -qF '$secret' '$work/shown'"
done
expect "both are revoked by who made them" 0 "3 destroyed" -- "$tkn" destroy -auto-approve
unset TF_VAR_second LINODE_TOKEN_WARNINGS
fresh <<'TF'
resource "linode_token" "a" {
  label  = "a"
  scopes = "*"
}
TF
expect "offline no question is asked" 0 "1 to add" -- env LINODE_URL=http://127.0.0.1:1 "$tkn" plan -offline
finish
