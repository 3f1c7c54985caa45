#!/usr/bin/env bash
# Wrong input of every kind, as a person would give it: exit code 1, the summary that people search for, the
# place where there is one, never a crash, and nothing lost.
#   bad_input.sh TKN [WITH_SIM BUILD_DIR]
set -uo pipefail
source "$(dirname "$0")/expect.sh"
with_sim=${2:-}
build=${3:-}

fresh <<<''
rm main.tf
expect "empty directory: plan" 1 "Error: No configuration files" -- "$tkn" plan
expect "empty directory: validate" 0 "Success" -- "$tkn" validate
expect "empty directory leaves nothing behind" 0 -- bash -c '[ -z "$(ls -A)" ]'
expect "missing directory" 1 "Error handling -chdir option" -- "$tkn" -chdir=nowhere plan
expect "unknown command" 1 'no command named "plam"' 'Did you mean "plan"' -- "$tkn" plam
expect "unknown subcommand" 1 'tkn state has no subcommand named "lst"' 'Did you mean "list"' -- "$tkn" state lst
expect "unknown flag" 1 "Failed to parse command-line flags" 'Did you mean "out"' -- "$tkn" plan -oout=x
expect "unknown flag, as JSON" 1 '^\{"@level":"info".*"type":"version"' '"summary":"Failed to parse command-line flags"' -- \
  "$tkn" plan -json -oout=x
expect "nobody can be asked, as JSON" 1 '"summary":"Plan file or auto-approve required"' -- "$tkn" apply -json
expect "unknown flag of a command without views" 1 "^Error parsing command-line flags: flag provided but not defined: -x" -- \
  "$tkn" state list -x
expect "one argument wanted" 1 "^Exactly one argument expected" -- "$tkn" state show a b
expect "no argument wanted" 1 "^Too many command line arguments. Did you mean to use -chdir" -- "$tkn" get here
expect "argument without meaning" 0 "^default$" -- "$tkn" workspace show here
expect "no plan file" 1 "Failed to load \"main.tf\" as a plan file" \
  "couldn't load the provided path as either a local plan file \(zip: not" -- bash -c '>main.tf; "$0" apply main.tf' "$tkn"
expect "destroying by something that is no plan" 1 "stat nothing: no such file" -- "$tkn" destroy nothing
expect "argument too many" 1 "Too many command line arguments" -- "$tkn" plan here

fresh <<'TF'
variable "a" {}
variable "a" {}
TF
expect "init tells why it goes no further" 1 "encountered problems during initialisation" "Duplicate variable declaration" -- \
  "$tkn" init
expect "some commands name files with their whole path" 1 "on $work/dir/main.tf line 2" -- "$tkn" state pull
expect "and others do not" 1 "on main.tf line 2" -- "$tkn" validate

fresh <<'TF'
resource "terraform_data" "a" {
  count = 2
}
resource "terraform_data" "b" {
  count = 1
}
TF
expect "two resources" 0 "3 added" -- "$tkn" apply -auto-approve
expect "a resource moves as a whole" 0 "Successfully moved 1 object" -- "$tkn" state mv terraform_data.a terraform_data.c
expect "but not onto another" 1 "Invalid target address" -- "$tkn" state mv terraform_data.c terraform_data.b
expect "nothing to do for a target" 0 "Applied changes may be incomplete" "0 added, 0 changed, 0 destroyed" -- \
  "$tkn" apply -auto-approve -target=terraform_data.b

fresh <<'TF'
module "m" {
  source = "./nowhere"
}
TF
expect "a module that is not there" 1 "Module not installed" "main.tf line 1" -- "$tkn" validate
expect "a module that init cannot find" 1 "Unreadable module directory" -- "$tkn" init

fresh <<'TF'
resource "terraform_data" "a" {
  provisioner "local-exec" {
    command = ""
  }
}
TF
expect "an empty command is valid until it runs" 0 "valid" -- "$tkn" validate
expect "and then it is told" 1 "Invalid local-exec provisioner command" "with terraform_data.a" "main.tf line 2" -- \
  "$tkn" apply -auto-approve

# The example of the linode_token documentation as it stands there: one error for each thing that it leaves out.
fresh <<'TF'
resource "linode_token" "foo" {
  label  = "token"
  scopes = "linodes:read_only"
}

resource "linode_instance" "foo" {
  provisioner "remote-exec" {
    inline = <<EOF
echo "${linode_token.foo.token}" > /etc/token
EOF
  }
}
TF
expect "documented example: no region" 1 "Missing required argument" "main.tf line 6" '"region"' -- "$tkn" validate
if [ -n "$with_sim" ]; then
  sed -i 's/^resource "linode_instance" "foo" {/&\n  region = "us-east"/' main.tf
  expect "documented example: inline may be one string; there is no connection" 1 "remote-exec provisioner error" \
    "Missing connection configuration" "connection \{ type" -- \
    "$with_sim" "$build" --boot-ms 0 -- "$tkn" apply -auto-approve
fi

fresh <<'TF'
resource "terraform_data" "right" {}
output "name" { value = terraform_data.rigth.id }
output "type" { value = terraform_dta.right.id }
TF
expect "a resource by a wrong name or type" 1 '"right"[?]' '"terraform_data.right"[?]' -- "$tkn" validate

fresh <<<'output "there" { value = 1 }'
"$tkn" apply -auto-approve >/dev/null
expect "output that is not there" 1 'Output "ther" not found' 'Did you mean "there"' -- "$tkn" output ther
fresh <<<'resource "terraform_data" "a" { input = 1 }'
expect "missing plan file" 1 'Failed to load "nowhere.plan" as a plan file' -- "$tkn" apply nowhere.plan
expect "something else as a plan file" 1 'Failed to load "main.tf" as a plan file' -- "$tkn" apply main.tf
expect "missing variable file" 1 "Error: Failed to read variables file" -- "$tkn" plan -var-file=nowhere.tfvars
expect "import without arguments" 1 "expects two arguments" -- "$tkn" import
expect "import to an address without block" 1 "does not exist in the configuration" -- "$tkn" import terraform_data.b x

head -c 100000 /dev/urandom >"$work/binary"
fresh <"$work/binary"
expect "binary file" 1 "Error: " "main.tf line" -- "$tkn" validate
fresh <<<'resource "terraform_data" "a" {'
expect "unclosed block" 1 "Unclosed configuration block" "main.tf line 1" -- "$tkn" plan
fresh <<<'resource "linode_tokn" "a" {}'
expect "unknown resource type" 1 "Invalid resource type" "linode_token" -- "$tkn" plan
fresh <<<'resource "terraform_data" "a" { inputt = 1 }'
expect "unknown argument" 1 "Unsupported argument" 'Did you mean "input"' "main.tf line 1" -- "$tkn" plan
fresh <<<'resource "linode_token" "a" { scopes = ["*"] }'
expect "wrong type" 1 "Incorrect attribute value type" "main.tf line 1" -- "$tkn" plan
fresh <<<'resource "linode_token" "a" { label = "x" }'
expect "missing argument" 1 "Missing required argument" "scopes" -- "$tkn" plan
fresh <<'TF'
resource "terraform_data" "a" { input = terraform_data.b.id }
resource "terraform_data" "b" { input = terraform_data.a.id }
TF
expect "cycle" 1 "Error: Cycle: terraform_data.a, terraform_data.b" -- "$tkn" plan
chain() {
  printf '%s\n' "resource \"terraform_data\" \"a\" { input = $1 }" 'resource "terraform_data" "b" {' \
    '  lifecycle { replace_triggered_by = [terraform_data.a] }' '}'
}
fresh < <(chain 1; printf '%s\n' 'resource "terraform_data" "c" {' '  lifecycle {' '    create_before_destroy = true' \
  '    replace_triggered_by = [terraform_data.b]' '  }' '}')
expect "three that follow each other" 0 "3 added" -- "$tkn" apply -auto-approve
chain 2 >main.tf
expect "a plan that cannot be carried out" 1 "^Plan: 1 to add, 1 to change, 2 to destroy" "Error: Cycle: .*b \(destroy\)" \
  "Make the change in two steps" -- "$tkn" plan -out=p
expect "is no offer to apply it" 1 -- bash -c '"$0" plan -out=p 2>&1 | grep -E "Saved the plan|To perform"' "$tkn"
expect "can be looked at" 0 "Plan: 1 to add" -- "$tkn" show p
expect "is refused as it is" 1 "Error: Cycle: " -- "$tkn" apply p
expect "or without asking" 1 "Error: Cycle: " -- "$tkn" apply -auto-approve
expect "and has changed nothing" 0 "^terraform_data.c$" -- "$tkn" state list
fresh <<<'variable "who" {}'
expect "missing variable" 1 "No value for required variable" "main.tf line 1" -- "$tkn" plan -input=false
expect "undeclared variable" 1 "Value for undeclared variable" -- "$tkn" plan -var who=x -var whom=y
printf '{%.0s' $(seq 200000) >"$work/deep"
{ printf 'locals { a = ' && tr '{' '(' <"$work/deep"; } >"$work/deep.tf"
fresh <"$work/deep.tf"
expect "200,000 parentheses" 1 "Error: " -- "$tkn" validate

fresh <<'TF'
resource "linode_token" "a" {
  label  = "a"
  scopes = "linodes:read_only"
}
TF
expect "no token" 1 "Token creation error" "LINODE_TOKEN" -- "$tkn" apply -auto-approve
expect "nothing was made of it" 0 -- bash -c "[ -z \"\$('$tkn' state list)\" ]"
expect "unreachable API" 1 "Token creation error" -- \
  env LINODE_TOKEN=t LINODE_URL=http://127.0.0.1:1 "$tkn" apply -auto-approve
if command -v strace >/dev/null; then
  expect "offline plan opens no socket" 0 "1 to add" -- \
    bash -c "ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=network -o trace '$tkn' plan -offline && ! grep -q 'socket(' trace"
fi
expect "offline plan without credentials" 0 "1 to add" -- "$tkn" plan -offline
if [ -n "$with_sim" ]; then
  expect "wrong token" 1 "Token creation error" "\[401\] Invalid Token" -- \
    bash "$with_sim" "$build" -- env LINODE_TOKEN=wrong "$tkn" apply -auto-approve
fi

fresh <<<'resource "terraform_data" "a" { input = 1 }'
"$tkn" apply -auto-approve >/dev/null
"$tkn" plan -replace=terraform_data.a -out=old.plan >/dev/null
"$tkn" apply -auto-approve -replace=terraform_data.a >/dev/null
expect "stale plan" 1 "Saved plan is stale" -- "$tkn" apply old.plan
mkdir other && cp main.tf other/ && (cd other && "$tkn" apply -auto-approve && "$tkn" plan -replace=terraform_data.a -out=../other.plan) >/dev/null
expect "plan made from another state" 1 "Saved plan does not match the given state|Saved plan is stale" -- "$tkn" apply other.plan
head -c 300 old.plan >cut.plan
expect "half a plan file" 1 'Failed to (load|read)' -- "$tkn" apply cut.plan

cp tkn.db good.db
printf 'not a database, but long enough to look at: %0100d' 0 >tkn.db
rm -f tkn.db-wal tkn.db-shm
expect "state file that is none" 1 "Error: " "tkn.db" -- "$tkn" plan
cp good.db tkn.db && dd if=/dev/urandom of=tkn.db bs=1 seek=4096 count=90000 conv=notrunc 2>/dev/null
expect "damaged state file" 1 "Error: " "tkn.db" -- "$tkn" plan
cp good.db tkn.db
expect "the state is well again" 0 "No changes" -- "$tkn" plan

cat >>main.tf <<'TF'
resource "terraform_data" "slow" {
  provisioner "local-exec" { command = "touch started; sleep 3" }
}
TF
"$tkn" apply -auto-approve >/dev/null 2>&1 &
for _ in $(seq 100); do [ -e started ] && break; sleep 0.05; done
expect "locked state" 1 "Error acquiring the state lock" "Operation:" "Who:" -- "$tkn" apply -auto-approve
expect "waiting for the lock" 0 "No changes" -- "$tkn" plan -lock-timeout=20s
wait

if [ "$(id -u)" -eq 0 ] && mkdir "$work/full" "$work/readonly" &&
  mount -t tmpfs -o size=400k tmpfs "$work/full" 2>/dev/null && mount -t tmpfs tmpfs "$work/readonly" 2>/dev/null; then
  cd "$work/full"
  printf 'resource "terraform_data" "a" {\n  count = 3000\n  input = "%0200d"\n}\n' 1 >main.tf
  expect "full disk" 1 "Error: " -- "$tkn" apply -auto-approve
  expect "full disk: the state holds" 0 -- "$tkn" state list
  cd "$work/readonly"
  echo 'resource "terraform_data" "a" {}' >main.tf
  "$tkn" apply -auto-approve >/dev/null
  sed -i 's/{}/{ input = 2 }/' main.tf
  mount -o remount,ro "$work/readonly"
  expect "read-only directory: plan" 0 "1 to change" -- "$tkn" plan
  expect "read-only directory: apply" 1 "Error: " -- "$tkn" apply -auto-approve
  cd "$work"
else
  echo "skipped: full disk and read-only directory, which need the right to mount"
fi

finish
