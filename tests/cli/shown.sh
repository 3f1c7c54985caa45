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

fresh <<'TF'
resource "terraform_data" "a" {}
module "m" {
  source = "./m"
  count  = 2
}
TF
mkdir m
echo 'resource "terraform_data" "x" { count = 2 }' >m/main.tf
expect "apply of modules" 0 -- "$tkn" apply -auto-approve
"$tkn" show | sed 's/"[0-9a-f-]\{36\}"/ID/' >shown
{
  printf '# terraform_data.a:\nresource "terraform_data" "a" {\n    id = ID\n}\n'
  for i in 0 1; do
    printf '\n'
    for j in 0 1; do
      printf '\n# module.m[%d].terraform_data.x[%d]:\nresource "terraform_data" "x" {\n    id = ID\n}\n' $i $j
    done
  done
} >wanted
expect "modules are set apart" 0 -- diff wanted shown
sed -i '1d' main.tf
expect "apply without the first" 0 -- "$tkn" apply -auto-approve
"$tkn" show >shown
expect "but not from their neighbours" 0 -- grep -A3 -F 'module.m[0].terraform_data.x[1]' shown
expect "where nothing stands above" 0 '^# module.m.1..terraform_data.x.0.:' -- sed -n 10p shown

fresh <<'TF'
resource "terraform_data" "a" { input = 1 }
TF
expect "apply" 0 -- "$tkn" apply -auto-approve
cat >main.tf <<'TF'
resource "terraform_data" "b" { input = 1 }
moved {
  from = terraform_data.a
  to   = terraform_data.b
}
TF
expect "a plan that only moves" 0 'has moved to' -- "$tkn" plan -no-color
grep -q 'following symbols' "$work/out" && fail "no legend where no symbol is"

fresh <<<''
cat >main.tf.json <<'JSON'
{"locals": {"l": 1}, "output": {"o": {"value": ["${local.l}", 2]}, "p": {"value": {"${local.l}": true}}}}
JSON
expect "a plan of JSON" 0 -- "$tkn" plan -out=p
expect "whose texts are constants as they are written" 0 \
  '"o":\{"expression":\{"references":\["local.l"\],"constant_value":\["\$\{local.l\}",2\]\}\}' \
  '"p":\{"expression":\{"references":\["local.l"\],"constant_value":\{"\$\{local.l\}":true\}\}\}' -- "$tkn" show -json p

finish
