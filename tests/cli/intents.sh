#!/usr/bin/env bash
# What a killed run leaves open, as its owner sees it. Against the simulator: tests/simulator/with-sim.sh.
#   intents.sh TKN
set -uo pipefail
api=$LINODE_URL token=$LINODE_TOKEN
source "$(dirname "$0")/expect.sh"
export LINODE_URL=$api LINODE_TOKEN=$token
unset TF_WORKSPACE TKN_STATE_HISTORY

control() { curl -sS -X "$1" "$api$2" ${3:+-H 'Content-Type: application/json' -d "$3"}; }
count() { control GET "/_sim/objects?path=/profile/tokens" | grep -o '"label": *"open-[a-z]*"' | wc -l; }

# An apply that is killed while the request is on its way: "before" it is carried out, or "after".
killed() {
  control POST /_sim/faults "{\"method\": \"POST\", \"path\": \"/profile/tokens\", \"when\": \"$1\", \"latency_ms\": 20000}" >/dev/null
  "$tkn" apply -auto-approve "${@:2}" >"$work/killed" 2>&1 &
  local process=$!
  for _ in $(seq 200); do
    "$tkn" query "SELECT action FROM intents" 2>/dev/null | grep -q create && break
    sleep 0.05
  done
  [ "$1" = before ] || for _ in $(seq 200); do [ "$(count)" -gt "$before" ] && break || sleep 0.05; done
  kill -KILL "$process"
  wait "$process" 2>/dev/null
  control DELETE /_sim/faults >/dev/null
}

config() {
  cat <<TF
resource "linode_token" "t" {
  label  = "open-$1"
  scopes = "linodes:read_only"
  expiry = "2035-01-01T00:00:00Z"
}
TF
}

# The answer is lost: the token exists, its secret does not.
fresh < <(config lost)
before=$(count)
killed after
expect "the open call is explained" 0 "^linode_token.t: create" "since: .* ago\), serial 1" "planned: .*open-lost" \
  "may or may not have reached the provider" "next plan: It looks for the object" -- "$tkn" state intents
expect "check tells" 2 "1 OPEN" -- "$tkn" state check -detailed-exitcode
expect "the next plan adopts it as tainted, and replaces it" 2 "is tainted, so must be replaced" \
  "1 to add, 0 to change, 1 to destroy" -- "$tkn" plan -detailed-exitcode
expect "it is in the state" 0 "^linode_token.t +tainted" -- "$tkn" query "SELECT address, status FROM resources"
expect "and nothing is open" 0 "No calls are open" -- "$tkn" state intents
expect "an apply" 0 "1 added, 0 changed, 1 destroyed" -- "$tkn" apply -auto-approve
expect "leaves nothing to do" 0 "No changes" -- "$tkn" plan -detailed-exitcode
[ "$(count)" -eq $((before + 1)) ] || fail "there are $(count) tokens, not $((before + 1))"
expect "the age of tokens" 0 "linode_token.t" "2035-01-01" -- "$tkn" state check
expect "and which end soon" 2 "linode_token.t" -- "$tkn" state check -detailed-exitcode -expiry-within=200000h

# It never arrived.
fresh < <(config never)
before=$(count)
killed before
expect "the same is known of it" 0 "^linode_token.t: create" -- "$tkn" state intents
expect "the next plan drops it" 2 "1 to add, 0 to change, 0 to destroy" -- "$tkn" plan -detailed-exitcode
expect "and nothing is open" 0 "No calls are open" -- "$tkn" state intents
expect "an apply" 0 "1 added, 0 changed, 0 destroyed" -- "$tkn" apply -auto-approve
[ "$(count)" -eq $((before + 1)) ] || fail "there are $(count) tokens, not $((before + 1))"

# A plan that was saved before asks first, too.
fresh < <(config saved)
before=$(count)
expect "a plan is saved" 0 -- "$tkn" plan -out=saved
killed after saved
expect "what the saved plan did not know is found out first" 1 "Resolved operation of an earlier run" "Saved plan is stale" \
  -- "$tkn" apply saved
expect "nothing is open after it" 0 "No calls are open" -- "$tkn" state intents
expect "an apply" 0 -- "$tkn" apply -auto-approve
[ "$(count)" -eq $((before + 1)) ] || fail "there are $(count) tokens, not $((before + 1))"

# Several could be the one.
fresh < <(config which)
before=$(count)
killed after
control POST /_sim/objects '{"path": "/profile/tokens", "body": {"label": "open-which", "scopes": "linodes:read_only", "expiry": "2035-01-01T00:00:00"}}' >/dev/null
expect "what can't be decided is asked" 1 "Unresolved operation of an earlier run" "linode_token.t" "tkn import" \
  "-forget='linode_token.t'" -- "$tkn" plan
expect "by an apply, too" 1 "Unresolved operation of an earlier run" -- "$tkn" apply -auto-approve
[ "$(count)" -eq $((before + 2)) ] || fail "an apply made another token"
expect "it stays open" 0 "^linode_token.t: create" -- "$tkn" state intents
expect "it can be asked for by itself" 0 "^linode_token.t: create" -- "$tkn" state intents -resolve
expect "until it is answered" 0 "Forgotten: 1" -- "$tkn" state intents -forget=linode_token.t -auto-approve
expect "then a plan goes on" 2 "1 to add" -- "$tkn" plan -detailed-exitcode

finish
