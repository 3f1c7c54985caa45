#!/usr/bin/env bash
# States go to Terraform and come back: pulled, planned and changed there, pushed. What tkn does not know is kept.
#   interchange.sh TKN [TERRAFORM]
# Without a terraform that part is left out (77: skipped).
set -uo pipefail
source "$(dirname "$0")/expect.sh"
unset TF_WORKSPACE TKN_STATE_HISTORY
export CHECKPOINT_DISABLE=1 NO_COLOR=1
terraform=${2:-terraform}

# Whether two states say the same: the order of resources and of sensitive paths, and zeros that end a number, are no
# part of it.
cat >"$work/same.py" <<'PY'
import decimal, json, sys
def load(path):
    state = json.load(open(path), parse_float=decimal.Decimal)
    for resource in state["resources"]:
        resource["instances"].sort(key=lambda i: (str(i.get("index_key")), i.get("deposed", "")))
        for instance in resource["instances"]:
            instance.setdefault("dependencies", [])
            instance["sensitive_attributes"].sort(key=str)
    state["resources"].sort(key=lambda r: (r.get("module", ""), r["mode"], r["type"], r["name"]))
    for name in sys.argv[3:]:
        if name.startswith("-"):
            state["resources"] = [r for r in state["resources"] if r["type"] != name[1:]]
        else:
            state.pop(name)
    return state
a, b = load(sys.argv[1]), load(sys.argv[2])
if a != b:
    sys.exit("they differ:\n%s\n%s" % (a, b))
PY

# All of format 4, with providers that nobody has.
fresh <<'TF'
resource "terraform_data" "a" { input = "one" }
TF
cat >full.tfstate <<'JSON'
{
  "version": 4,
  "terraform_version": "1.11.4",
  "serial": 7,
  "lineage": "0b1c2d3e-0000-4000-8000-00000000000a",
  "outputs": {"o": {"value": {"k": 12345678901234567890.5}, "type": ["map", "number"], "sensitive": true}},
  "resources": [
    {"mode": "data", "type": "foo_source", "name": "d", "provider": "provider[\"registry.example.com/x/foo\"].alias",
     "instances": [{"schema_version": 0, "attributes": {"id": "1", "deep": {"list": [1, 2.50, null, true]}},
                    "sensitive_attributes": []}]},
    {"mode": "managed", "type": "foo_thing", "name": "t", "provider": "provider[\"registry.example.com/x/foo\"]",
     "instances": [
       {"index_key": "a b", "schema_version": 3,
        "attributes": {"id": "7", "secret": "s", "list": [{"x": "y"}], "big": 123456789012345678901234567890},
        "sensitive_attributes": [[{"type": "get_attr", "value": "secret"}],
                                 [{"type": "get_attr", "value": "list"}, {"type": "index", "value": {"value": 0, "type": "number"}},
                                  {"type": "get_attr", "value": "x"}]],
        "identity_schema_version": 2, "identity": {"region": "eu", "id": "7"},
        "private": "eyJrIjoidiJ9", "dependencies": ["data.foo_source.d", "module.m.foo_thing.u"], "create_before_destroy": true},
       {"index_key": "a b", "deposed": "0a1b2c3d", "status": "tainted", "schema_version": 2, "attributes": {"id": "6"},
        "sensitive_attributes": []}]},
    {"module": "module.m[\"k.x\"].module.n[3]", "mode": "managed", "type": "foo_thing", "name": "u",
     "provider": "module.m.provider[\"registry.example.com/x/foo\"].other",
     "instances": [{"index_key": 0, "status": "tainted", "schema_version": 3, "attributes": {"id": "8"},
                    "sensitive_attributes": []}]}
  ],
  "check_results": [{"object_kind": "check", "config_addr": "check.c", "status": "fail",
    "objects": [{"object_addr": "check.c", "status": "fail", "failure_messages": ["no"]}]}]
}
JSON
expect "push" 0 -- "$tkn" state push full.tfstate
"$tkn" state pull >pulled.tfstate || fail "pull"
expect "nothing of format 4 is lost" 0 -- python3 "$work/same.py" full.tfstate pulled.tfstate
expect "an apply of another resource" 0 "1 added" -- "$tkn" apply -auto-approve -target=terraform_data.a
"$tkn" state pull >pulled.tfstate || fail "pull"
expect "leaves what it can't know untouched" 0 -- python3 "$work/same.py" full.tfstate pulled.tfstate \
  -terraform_data serial outputs check_results
expect "to a file and back" 0 -- sh -c '"$0" state mv -state=pulled.tfstate terraform_data.a terraform_data.b' "$tkn"
expect "untouched there, too" 0 -- python3 "$work/same.py" full.tfstate pulled.tfstate \
  -terraform_data serial outputs check_results

printf '{"version": 3, "serial": 1, "lineage": "x", "modules": []}' >old.tfstate
expect "an older format is refused, with what to do" 1 "version 3" "let Terraform 0.12 or later write it anew" -- "$tkn" state push old.tfstate
mkdir old && mv old.tfstate old/terraform.tfstate && cp main.tf old && cd old || exit 1
expect "also where it lies" 1 "Unsupported state file format" -- "$tkn" plan
cd .. || exit 1

if ! command -v "$terraform" >/dev/null; then
  ((failures > 0)) && finish
  echo "no terraform here: the other half is left out"
  exit 77
fi

# Pulled, planned there, pushed back.
config() {
  cat <<'TF'
variable "secret" {
  default   = "hunter2"
  sensitive = true
}
resource "terraform_data" "count" {
  count = 3
  input = "n-${count.index}"
}
resource "terraform_data" "each" {
  for_each         = { "a.b" = 1, "c\"d" = 2.5 }
  input            = { number = each.value, list = [true, null, "é"], secret = var.secret }
  triggers_replace = [terraform_data.count[0].id]
  lifecycle { create_before_destroy = true }
}
output "all" { value = terraform_data.count[*].output }
output "secret" {
  value     = var.secret
  sensitive = true
}
check "c" {
  assert {
    condition     = length(terraform_data.count) == 3
    error_message = "there must be three"
  }
}
TF
}
fresh < <(config)
expect "apply" 0 "5 added" -- "$tkn" apply -auto-approve
mkdir there && config >there/main.tf
"$tkn" state pull >there/terraform.tfstate || fail "pull"
cp there/terraform.tfstate before.tfstate
cd there || exit 1
expect "terraform begins" 0 -- "$terraform" init -input=false
expect "terraform sees no difference" 0 "No changes" -- "$terraform" plan -input=false -detailed-exitcode
expect "nor has it anything to do" 0 "0 added, 0 changed, 0 destroyed" -- "$terraform" apply -input=false -auto-approve
cd .. || exit 1
expect "nothing changed but what terraform counts" 0 -- python3 "$work/same.py" before.tfstate there/terraform.tfstate serial
expect "pushed back" 0 -- "$tkn" state push there/terraform.tfstate
expect "tkn sees no difference" 0 "No changes" -- "$tkn" plan -detailed-exitcode
cd there || exit 1
expect "terraform replaces one" 0 "3 added, 0 changed, 3 destroyed" -- "$terraform" apply -input=false -auto-approve \
  -replace='terraform_data.count[0]'
cd .. || exit 1
expect "pushed back" 0 -- "$tkn" state push there/terraform.tfstate
expect "no difference" 0 "No changes" -- "$tkn" plan -detailed-exitcode
"$tkn" state pull >after.tfstate || fail "pull"
expect "it is what terraform wrote" 0 -- cmp after.tfstate there/terraform.tfstate

# A directory of Terraform's, with its workspaces and a backup; and back.
fresh < <(config)
expect "terraform begins" 0 -- "$terraform" init -input=false
expect "applies" 0 -- "$terraform" apply -input=false -auto-approve
expect "once more" 0 -- "$terraform" apply -input=false -auto-approve -replace='terraform_data.count[1]'
expect "in a second workspace" 0 -- "$terraform" workspace new dev
expect "applies there" 0 -- "$terraform" apply -input=false -auto-approve
cp terraform.tfstate kept.tfstate
expect "takes over" 0 "taken over" -- "$tkn" init -migrate-state -input=false
expect "no difference" 0 "No changes" -- "$tkn" plan -detailed-exitcode
expect "in none of the workspaces" 0 "No changes" -- env TF_WORKSPACE=default "$tkn" plan -detailed-exitcode
expect "the backup is in the history" 0 "terraform.tfstate.backup" -- env TF_WORKSPACE=default "$tkn" state history
env TF_WORKSPACE=default "$tkn" state pull >pulled.tfstate || fail "pull"
expect "to the letter" 0 -- cmp kept.tfstate pulled.tfstate
rm -r terraform.tfstate terraform.tfstate.backup terraform.tfstate.d
cat >backend.tf <<'TF'
terraform {
  backend "local" { path = "terraform.tfstate" }
}
TF
expect "back" 0 "2 workspace\(s\)" -- "$tkn" init -force-copy
rm backend.tf
expect "terraform sees no difference" 0 "No changes" -- "$terraform" plan -input=false -detailed-exitcode
expect "in none of the workspaces" 0 "No changes" -- env TF_WORKSPACE=default "$terraform" plan -input=false -detailed-exitcode

finish
