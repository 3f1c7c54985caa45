#!/usr/bin/env bash
# What provisioners do to the state and to the exit code.
#   provisioners.sh TKN
set -uo pipefail
source "$(dirname "$0")/expect.sh"

fresh <<'TF'
resource "terraform_data" "a" {
  input = "one"
  provisioner "local-exec" { command = "echo made ${self.output} >>log" }
  provisioner "local-exec" { command = "test -e ready" }
  provisioner "local-exec" { command = "echo reached >>log" }
}
resource "terraform_data" "b" {
  input = terraform_data.a.output
}
TF
expect "a failing step" 1 "terraform_data.a: Provisioning with 'local-exec'" "Error: local-exec provisioner error" \
  "main.tf line 4" "exit status 1" -- "$tkn" apply -auto-approve
expect "the steps after it do not run" 0 "^made one$" -- cat log
expect "its resource is kept, tainted; what depends on it is not made" 0 "^terraform_data.a$" -- "$tkn" state list
expect "and is replaced by the next plan" 2 "terraform_data.a is tainted, so must be replaced" \
  "Plan: 2 to add, 0 to change, 1 to destroy" -- "$tkn" plan -detailed-exitcode
touch ready
expect "the next apply mends it" 0 "2 added, 0 changed, 1 destroyed" -- "$tkn" apply -auto-approve
expect "all steps ran" 0 "^reached$" -- cat log
expect "nothing is left to do" 0 "No changes" -- "$tkn" plan -detailed-exitcode

fresh <<'TF'
resource "terraform_data" "a" {
  provisioner "local-exec" {
    command    = "exit 3"
    on_failure = continue
  }
  provisioner "local-exec" { command = "echo reached >log" }
}
TF
expect "on_failure = continue" 0 "1 added" -- "$tkn" apply -auto-approve
expect "goes on" 0 "reached" -- cat log
expect "and does not taint" 0 "No changes" -- "$tkn" plan -detailed-exitcode

fresh <<'TF'
resource "terraform_data" "a" {
  input            = "x"
  triggers_replace = 1
  provisioner "local-exec" {
    when    = destroy
    command = "test -e allowed && echo gone ${self.input} >>log"
  }
}
TF
expect "a step for the end does not run at the start" 0 "1 added" -- "$tkn" apply -auto-approve
expect "a failing one keeps the resource" 1 "Error: local-exec provisioner error" -- "$tkn" destroy -auto-approve
expect "as it was" 0 "No changes" -- "$tkn" plan -detailed-exitcode
touch allowed
sed -i 's/= 1/= 2/' main.tf
expect "it runs before a replacement" 0 "1 added, 0 changed, 1 destroyed" -- "$tkn" apply -auto-approve
expect "with the old values" 0 "^gone x$" -- cat log
expect "and at the destruction" 0 "1 destroyed" -- "$tkn" destroy -auto-approve
expect "once each" 0 "^2$" -- grep -c "gone x" log

fresh <<'TF'
variable "secret" {
  type      = string
  sensitive = true
}
resource "terraform_data" "a" {
  provisioner "local-exec" {
    command     = "echo got $SECRET; echo $SECRET >log"
    environment = { SECRET = var.secret }
  }
  provisioner "local-exec" { command = "echo in the open" }
  provisioner "local-exec" {
    command = "echo quietly"
    quiet   = true
  }
}
TF
export TF_VAR_secret=hunter-twelve
expect "output of a step that uses a secret" 0 "\(local-exec\): \(output suppressed due to sensitive value" \
  "\(local-exec\): in the open" "\(local-exec\): quietly" -- "$tkn" apply -auto-approve
cp "$work/out" shown
expect "no secret was shown" 1 -- grep hunter shown
expect "the step had it" 0 "hunter-twelve" -- cat log

finish
