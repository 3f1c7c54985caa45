#!/usr/bin/env bash
# What is told of a configuration that is wrong, and where.
#   errors.sh TKN
set -uo pipefail
source "$(dirname "$0")/expect.sh"

fresh <<'TF'
locals {
  a = tonumber("z")
}
TF
expect "the call that failed" 1 'while calling tonumber\(v\)' -- "$tkn" validate
cat >main.tf <<'TF'
locals {
  a = [for x in ["z"] : tonumber(x)]
}
TF
expect "within a for it is not told" 1 'Error: Invalid function argument' -- "$tkn" validate
grep -q 'while calling' "$work/out" && fail "Terraform does not know the function there"
expect "but by its name" 1 '"function_call": *\{ *"called_as": *"tonumber" *\}' -- \
  sh -c "'$tkn' validate -json | tr -d '\n' | sed 's/  */ /g'; exit 1"
cat >main.tf <<'TF'
locals {
  a = ["z"][*][tonumber("z")]
}
TF
expect "a splat is no for" 1 'while calling tonumber\(v\)' -- "$tkn" validate

mkdir m
cat >m/main.tf <<'TF'
variable "v" {}
output "o" { value = var.v }
TF
cat >main.tf <<'TF'
module "m" {
  source = "./m"
  v      = each.key
}
TF
expect "how often a module is called is known to plans" 0 'is valid' -- "$tkn" validate
expect "which refuse it" 1 'Error: Reference to "each" in context without for_each' -- "$tkn" plan
cat >main.tf <<'TF'
module "m" {
  source = "./m"
  count  = 1
  v      = 1
}
output "o" { value = module.m[0]["o"] }
TF
expect "an output stands behind a dot" 1 'Error: Invalid reference' 'on main.tf line 6' -- "$tkn" validate

fresh <<'TF'
variable "e" {
  ephemeral = true
  default   = "x"
}
check "c" {
  assert {
    condition     = var.e == "y"
    error_message = "no"
  }
}
TF
expect "a check that fails" 0 'Warning: Check block assertion failed' -- "$tkn" plan
grep -q 'var.e is' "$work/out" && fail "what is ephemeral is not among the values"

fresh <<<''
mkdir sub
echo 'resource {' >sub/main.tf
expect "another directory" 1 'Error: Missing type for resource' 'on sub/main.tf line 1' -- "$tkn" validate sub
expect "one directory" 1 'Too many command line arguments' -- "$tkn" validate sub more

fresh <<'TF'
module "m" { source = "./m" }
TF
mkdir m
echo 'resource "terraform_data" "a" {}' >m/main.tf
expect "init as a stream" 0 '"type":"version"' '"message_code":"initializing_backend_message","type":"init_output"' \
  '"@message":"- m in m"' '"message_code":"output_init_success_message"' -- "$tkn" init -json
echo 'module "n" { source = "./nope" }' >>main.tf
expect "with errors" 1 '"summary":"Unreadable module directory"' '"type":"diagnostic"' -- "$tkn" init -json

fresh <<'TF'
module "m" { source = "./m" }
TF
mkdir m
cat >m/main.tf <<'TF'
variable "e" {
  default   = "x"
  ephemeral = true
}
output "whole" {
  value     = var.e
  ephemeral = true
}
output "part" {
  value     = [var.e]
  ephemeral = true
}
TF
expect "an ephemeral output" 1 'Error: Value not allowed in ephemeral output' \
  'on m/main.tf line 10, in output "part":' -- "$tkn" validate
grep -q 'output "whole"' "$work/out" && fail "a value that is ephemeral as a whole may be put out"
for mode in -destroy -refresh-only; do
  expect "generated configuration with $mode" 1 'Error: Invalid generate-config-out flag' \
    -- "$tkn" plan $mode -generate-config-out=new.tf
done

# init -from-module
module=$work/module
mkdir -p "$module/sub" "$module/.git"
echo 'module "s" { source = "./sub" }' >"$module/main.tf"
echo 'resource "terraform_data" "a" {}' >"$module/sub/main.tf"
fresh <<<''
expect "a module into a full directory" 1 'Error: The working directory already contains files' \
  -- "$tkn" init -from-module="$module"
rm main.tf
expect "a module from elsewhere" 1 'Error: Failed to download module' 'is not a directory on this machine' \
  -- "$tkn" init -from-module=hashicorp/consul/aws
expect "a module that is not there" 1 'Error: Failed to download module' -- "$tkn" init -from-module=./nope
expect "a module" 0 "Copying configuration from \"$module\"..." '- s in sub' \
  -- "$tkn" init -from-module="$module"
[ "$(ls -A)" = "$(printf 'main.tf\nsub')" ] || fail "what a module's copy consists of: $(ls -A)"
expect "a module that was copied" 0 'Plan: 1 to add' -- "$tkn" plan
mkdir inner
(cd inner && expect "a module into itself" 1 'so the copy would contain' -- "$tkn" init -from-module=../)

fresh <<<''
echo '{"data": {"terraform_remote_state": {"r": {"backend": "local", "config": {"path": "x"}}}}}' >main.tf.json
expect "in JSON a block is told by where it ends" 1 'Error: Unable to find remote state' \
  'on main.tf.json line 1, in data.terraform_remote_state.r.config:' -- "$tkn" plan

for pair in 'terraform = linode' 'linode = terraform'; do
  fresh <<TF
module "m" {
  source    = "./m"
  providers = { $pair }
}
TF
  mkdir m
  echo 'resource "terraform_data" "a" {}' >m/main.tf
  expect "a provider for another, where nobody declares either ($pair)" 1 'Error: Provider type mismatch' \
    'on main.tf line 3, in module "m"' -- "$tkn" validate
done

finish
