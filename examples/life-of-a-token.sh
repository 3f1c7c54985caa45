#!/usr/bin/env bash
# The life of a token, from its creation to the end of everything, against whatever LINODE_URL names. Wants a machine to log
# in to at every instance's address: run.sh gives it the simulator and an SSH server on loopback.
#   life-of-a-token.sh TKN        with TKN_SSH_KEY, TKN_SSH_PORT from tests/sshd/with-sshd.sh
set -euo pipefail
tkn=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$here/token-to-instance" "$work/first"
export LINODE_EVENT_POLL_MS=${LINODE_EVENT_POLL_MS:-100}
export TF_VAR_private_key_file=$TKN_SSH_KEY TF_VAR_ssh_port=$TKN_SSH_PORT TF_VAR_secret_file=$work/secret-on-the-instance

step() { printf '\n=== %s\n' "$*"; }
run() {
  printf '$ tkn %s\n' "$*"
  "$tkn" "$@"
}
must() { "$@" || { echo "life-of-a-token.sh: this should hold: $*" >&2 && exit 1; }; }
no_changes() { run plan -detailed-exitcode; } # 0: nothing to do
secret() { "$tkn" output -raw secret; }

cd "$work/first"
step "A token is created, and its secret written onto an instance"
run plan -out=plan.out
run apply plan.out
must [ "$(secret)" = "$(cat "$TF_VAR_secret_file")" ]
must [ "$(secret | wc -c)" -eq 64 ]
echo "The secret is on the instance."

step "A second plan says that nothing changes"
no_changes

step "The token is renamed: the secret stays"
before=$(secret)
run apply -auto-approve -var token_label=renamed
must [ "$(secret)" = "$before" ]

step "The token is replaced: a new secret is on the instance"
run apply -auto-approve -var token_label=renamed -replace=linode_token.instance
must [ "$(secret)" != "$before" ]
must [ "$(secret)" = "$(cat "$TF_VAR_secret_file")" ]

step "The token is imported into a second configuration: all but its secret is known there"
id=$("$tkn" state show linode_token.instance | sed -n 's/^ *id *= "\(.*\)"/\1/p')
mkdir "$work/second" && cd "$work/second"
cat >main.tf <<'TF'
resource "linode_token" "imported" {
  label  = "renamed"
  scopes = "linodes:read_only"
}
TF
run import linode_token.imported "$id"
no_changes
run state rm linode_token.imported

step "Everything is destroyed"
cd "$work/first"
run destroy -auto-approve -var token_label=renamed
must [ -z "$("$tkn" state list)" ]
printf '\nDone: created, used, renamed, replaced, imported, destroyed.\n'
