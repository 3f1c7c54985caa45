#!/usr/bin/env bash
# The state for people: history, rollback, intents, check, query, backup and restore, migration.
#   state.sh TKN
set -uo pipefail
source "$(dirname "$0")/expect.sh"
unset TF_WORKSPACE TKN_STATE_HISTORY

sql() { python3 -c 'import sqlite3, sys; db = sqlite3.connect("tkn.db"); db.executescript(sys.argv[1]); db.commit()' "$1"; }

fresh <<'TF'
locals { a = 1 }
TF
expect "a plan of nothing" 0 -- "$tkn" plan -out=saved
expect "is applied" 0 -- "$tkn" apply saved
expect "and leaves a state behind" 0 '"serial": 1' '"resources": \[\]' -- "$tkn" state pull
cat >>main.tf <<'TF'
check "c" {
  assert {
    condition     = local.a == 1
    error_message = "no"
  }
}
TF
expect "nothing to do" 0 "No changes" -- "$tkn" apply -auto-approve
expect "and what was checked is recorded" 0 '"serial": 2' '"config_addr": "check.c"' -- "$tkn" state pull

fresh <<'TF'
variable "secret" {
  default   = "hunter2"
  sensitive = true
}
resource "terraform_data" "a" { input = "one" }
resource "terraform_data" "s" { input = var.secret }
output "o" { value = terraform_data.a.output }
TF
expect "no history before the first write" 0 "No operations are kept" -- "$tkn" state history
expect "apply" 0 -- "$tkn" apply -auto-approve
sed -i 's/"one"/"two"/' main.tf
expect "apply again" 0 -- "$tkn" apply -auto-approve
expect "state rm" 0 -- "$tkn" state rm terraform_data.a
expect "the history says what, who and how much" 0 "SERIAL +TIME +COMMAND +WHO +VERSION +CHANGES" \
  "^3 .* state rm .*@.* -1$" "^2 .* apply .* ~1, 1 output$" "^1 .* apply .* \+2, 1 output$" -- "$tkn" state history
expect "and which objects" 0 "^  - terraform_data.a$" "^  \+ terraform_data.s$" "^  ~ output.o$" -- "$tkn" state history -verbose
expect "of one object alone" 0 "^1 " -- "$tkn" state history terraform_data.s
grep -q '^2 ' "$work/out" && fail "other operations are left out"
expect "as JSON" 0 '"serial":3.*"address":"terraform_data.a","action":"removed"' -- "$tkn" state history -json
expect "an object as it was" 0 'input += "one"' -- "$tkn" state show -serial=1 terraform_data.a
expect "all of it as it was" 0 'input += "two"' '\(sensitive value\)' -- "$tkn" state show -serial=2
expect "no such serial" 1 "No such serial" -- "$tkn" state show -serial=9
expect "a serial that is none" 1 "Invalid serial" -- "$tkn" state show -serial=x
expect "the difference" 0 "terraform_data.a was changed" '"one" -> "two"' -- "$tkn" state diff 1 2
expect "to the present" 0 "terraform_data.a was removed" -- "$tkn" state diff 2
expect "none" 0 "No differences" -- "$tkn" state diff 3 current
sed -i 's/hunter2/hunter3/' main.tf
expect "a changed secret" 0 -- "$tkn" apply -auto-approve
for form in "" -json; do
  expect "secrets stay hidden $form" 0 "sensitive value" -- "$tkn" state diff $form 3 4
  grep -q 'input.*= "hunter\|"input":"hunter' "$work/out" && fail "diff $form shows a secret"
done
expect "rollback tells what the world will not do" 0 "Objects will be managed by nobody" "terraform_data.a" \
  -- "$tkn" state rollback -dry-run 3
expect "a dry run changes nothing" 0 "^4 " -- "$tkn" state history
expect "without an answer nothing is done" 1 "Rollback cancelled" -- "$tkn" state rollback 1
expect "rollback is a new serial" 0 "serial 1 again. This is serial 5" "The state will show older values" \
  -- "$tkn" state rollback -auto-approve 1
expect "and the state is that one" 0 "No differences" -- "$tkn" state diff 1 5
expect "and in the history" 0 "^5 .* state rollback 1 " -- "$tkn" state history
expect "prune wants a number" 1 "Invalid history depth" -- "$tkn" state prune
expect "prune" 0 "3 operation\(s\) forgotten" -- "$tkn" state prune -keep=2
expect "what is forgotten can't be shown" 1 "No such serial" -- "$tkn" state show -serial=1
TKN_STATE_HISTORY=1 expect "the depth is configurable" 0 -- "$tkn" taint terraform_data.s
expect "one is kept" 0 "^6 .* taint" -- "$tkn" state history
grep -q '^5 ' "$work/out" && fail "the history is deeper than it may be"

expect "query" 0 "^address +status" "^terraform_data.s +tainted$" -- "$tkn" query \
  "SELECT address, status FROM resources ORDER BY address"
expect "query as JSON" 0 '^\[\{"n":2\}\]$' -- "$tkn" query -json "SELECT count(*) AS n FROM resources"
expect "secrets are hidden" 0 "sensitive value" -- "$tkn" query "SELECT attributes FROM resources"
grep -q '"input":"hunter' "$work/out" && fail "query shows a secret"
expect "tables are not to be seen" 1 "Invalid query" "prohibited|not authorized" -- "$tkn" query "SELECT attributes FROM object"
expect "nothing is changed" 1 "Invalid query" -- "$tkn" query "DELETE FROM resources"

expect "check" 0 "whole and private" "Intents: none open" -- "$tkn" state check
expect "no intents" 0 "No calls are open" -- "$tkn" state intents
expect "backup" 0 -- "$tkn" state backup kept.db
expect "mode of the backup" 0 "^600$" -- stat -c %a kept.db
expect "backup wants a file" 1 "Exactly one argument expected" "tkn state backup tkn-" -- "$tkn" state backup
expect "so does restore" 1 "Exactly one argument expected" "tkn state restore tkn-" -- "$tkn" state restore
expect "not over what is there" 1 "File exists" -- "$tkn" state backup kept.db
expect "state rm" 0 -- "$tkn" state rm terraform_data.s
expect "restore asks" 1 "Restore cancelled" -- "$tkn" state restore kept.db
expect "restore" 0 "holds" -- "$tkn" state restore -auto-approve kept.db
expect "what was lost is back" 0 "^terraform_data.s$" -- "$tkn" state list
expect "as the next serial" 0 "^8 .* state restore" -- "$tkn" state history

# A call to a provider that nobody can ask.
expect "a plan is saved" 0 -- "$tkn" plan -out=saved
sql "INSERT INTO resource (workspace, module, mode, type, name) VALUES (1, '', 'managed', 'x_y', 'z');
     INSERT INTO provider (address) VALUES ('provider[\"registry.terraform.io/x/x\"]');
     INSERT INTO intent (resource, key, provider, action, planned, schema_version, started, serial)
     SELECT max(r.id), x'', (SELECT max(id) FROM provider), 'create', '{\"label\":\"ci\"}', 0, 1700000000, 9 FROM resource r"
expect "an open intent is explained" 0 "x_y.z: create" "since: +2023-11-14T22:13:20Z" "planned: .*ci" "next plan:" \
  -- "$tkn" state intents
expect "as JSON" 0 '"address":"x_y.z","action":"create"' -- "$tkn" state intents -json
expect "check tells" 2 "1 OPEN" -- "$tkn" state check -detailed-exitcode
expect "a plan goes no further" 1 "Unresolved operation of an earlier run" "state intents -forget='x_y.z'" -- "$tkn" plan
expect "nor an apply" 1 "Unresolved operation of an earlier run" -- "$tkn" apply -auto-approve
expect "nor a plan that was saved before" 1 "Unresolved operation of an earlier run" "state intents -forget='x_y.z'" \
  -- "$tkn" apply saved
expect "offline it is a warning" 0 "Warning: Unresolved operation" -- "$tkn" plan -offline
expect "no rollback over it" 1 "Unresolved operations" -- "$tkn" state rollback -auto-approve current
expect "no restore over it" 1 "Unresolved operations" -- "$tkn" state restore -auto-approve kept.db
expect "another address has none" 1 "No such intent" -- "$tkn" state intents -forget=x_y.other -auto-approve
expect "forgetting asks" 1 "Nothing was forgotten" -- "$tkn" state intents -forget=x_y.z
expect "forgetting" 0 "Forgotten: 1" -- "$tkn" state intents -forget=x_y.z -auto-approve
expect "and a plan works" 0 -- "$tkn" plan

printf 'damage' | dd of=tkn.db bs=1 seek=0 conv=notrunc status=none
expect "damage" 1 -- "$tkn" state check
expect "restore sets the damaged file aside" 0 "A damaged state was set aside" -- "$tkn" state restore -auto-approve kept.db
expect "it is kept" 0 -- sh -c 'ls tkn.db.damaged-*'
expect "and all is well" 0 "whole and private" -- "$tkn" state check

# To a backend block and back.
fresh <<'TF'
resource "terraform_data" "a" { input = terraform.workspace }
TF
expect "apply" 0 -- "$tkn" apply -auto-approve
expect "a second serial" 0 -- "$tkn" taint terraform_data.a
expect "and no more" 0 -- "$tkn" untaint terraform_data.a
expect "a second workspace" 0 -- "$tkn" workspace new dev
expect "apply there" 0 -- "$tkn" apply -auto-approve
cat >backend.tf <<'TF'
terraform {
  backend "local" { path = "elsewhere.tfstate" }
}
TF
expect "a state that would be left behind is told" 1 "Backend configuration changed" -- "$tkn" init -input=false
expect "migration asks" 1 "State migration was not approved" -- "$tkn" init -migrate-state -input=false
expect "migration" 0 "2 workspace\(s\)" -- "$tkn" init -force-copy
expect "all workspaces" 0 '"input":' -- sh -c 'grep -h input elsewhere.tfstate terraform.tfstate.d/dev/terraform.tfstate'
expect "nothing to do there" 0 "No changes" -- "$tkn" plan -detailed-exitcode
expect "nor in the other" 0 "No changes" -- env TF_WORKSPACE=default "$tkn" plan -detailed-exitcode
expect "the state before is the backup" 0 '"serial": 2' -- sh -c 'grep serial elsewhere.tfstate.backup'
expect "and it is one serial older" 0 '"serial": 3' -- sh -c 'grep serial elsewhere.tfstate'
rm backend.tf tkn.db*
for file in elsewhere.tfstate*; do mv "$file" "terraform${file#elsewhere}"; done
expect "back" 0 "State taken over" -- "$tkn" init -migrate-state
expect "with its backup in the history" 0 "^2 .* terraform.tfstate.backup" -- env TF_WORKSPACE=default "$tkn" state history
expect "with its workspaces" 0 "No changes" -- "$tkn" plan -detailed-exitcode
expect "and the other" 0 "No changes" -- env TF_WORKSPACE=default "$tkn" plan -detailed-exitcode
expect "in the database" 0 "default.*2|2.*default|dev" -- "$tkn" query "SELECT name, objects FROM workspaces"

# A second writer.
fresh <<'TF'
resource "terraform_data" "a" {
  lifecycle { create_before_destroy = true }
}
TF
expect "a setting of the lifecycle" 0 -- "$tkn" apply -auto-approve
expect "is in the state" 0 '"create_before_destroy": true' -- "$tkn" state pull
sed -i 's/true/false/' main.tf
expect "another one changes no object, so nobody is asked" 0 "No changes" "0 added, 0 changed, 0 destroyed" \
  -- "$tkn" apply -input=false
expect "and is recorded all the same" 0 '"lineage"' -- "$tkn" state pull
grep -q create_before_destroy "$work/out" && fail "an apply without changes does not record the lifecycle"

fresh <<'TF'
resource "terraform_data" "a" {
  provisioner "local-exec" { command = "touch started; while [ ! -e go ]; do sleep 0.05; done" }
}
TF
"$tkn" apply -auto-approve >"$work/first" 2>&1 &
first=$!
for _ in $(seq 200); do [ -e started ] && break || sleep 0.05; done
expect "a second writer is told who, since when, doing what" 1 "Error acquiring the state lock" "Operation: +OperationTypeApply" \
  "Who: +.+@.+" "Created: +20" "process $first ends" -- "$tkn" apply -auto-approve
expect "a plan is, too" 1 "Error acquiring the state lock" -- "$tkn" plan
expect "looking without the lock works" 0 -- "$tkn" state list
if unshare --mount --uts --pid --fork true 2>/dev/null; then
  expect "so it is in another container that shares the directory" 1 "Error acquiring the state lock" "process $first ends" \
    -- unshare --mount --uts --pid --fork sh -c 'hostname another; exec "$0" apply -auto-approve' "$tkn"
fi
"$tkn" plan -lock-timeout=60s -detailed-exitcode >"$work/waiting" 2>&1 & waiting=$!
(sleep 1; touch go) &
expect "or waits" 0 "Acquiring state lock" "No changes" -- "$tkn" apply -auto-approve -lock-timeout=60s
wait "$first" || fail "the first apply failed"
wait "$waiting" || fail "a plan that waited does not see what was finished meanwhile"
"$tkn" plan -lock-timeout=20s >"$work/one" 2>&1 & one=$!
"$tkn" plan -lock-timeout=0s >"$work/two" 2>&1 & two=$!
wait "$one" && wait "$two" || fail "plans block plans"

finish
