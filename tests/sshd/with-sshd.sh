#!/usr/bin/env bash
# Starts a real OpenSSH server on loopback with throwaway keys, as the user who calls, runs a command, stops it.
#
#   tests/sshd/with-sshd.sh [--password] COMMAND [ARGUMENTS]
#
# Exports TKN_SSH_HOST, TKN_SSH_PORT, TKN_SSH_USER; TKN_SSH_KEY and TKN_SSH_PUBLIC_KEY, files with the user's key;
# TKN_SSH_HOST_KEY, the server's public key as text; TKN_SSH_LOG, the server's log. --password lets the account's
# password in as well. Ends with the command's exit code, or 77 ("skipped") where no sshd is installed.
set -euo pipefail

password=no
if [[ ${1:-} == --password ]]; then
  password=yes
  shift
fi
if (($# == 0)); then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
# sshd starts itself anew for each connection and insists on an absolute path.
sshd=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v sshd || true)
if [[ -z $sshd ]] || ! command -v ssh-keygen >/dev/null; then
  echo "skipped: sshd is not installed (apt-get install openssh-server)" >&2
  exit 77
fi

dir=$(mktemp -d)
pid=
finish() {
  if [[ -n $pid ]]; then
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  fi
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if ((EUID == 0)); then
  mkdir -p -m 0755 /run/sshd # where it keeps apart what it does not trust; the service would make it
fi
ssh-keygen -q -t ed25519 -N '' -C 'tkn test host' -f "$dir/host_key"
ssh-keygen -q -t ed25519 -N '' -C 'tkn test user' -f "$dir/user_key"
cp "$dir/user_key.pub" "$dir/authorized_keys"

start() { # on port $1; false when the port is taken
  cat >"$dir/config" <<CONFIG
Port $1
ListenAddress 127.0.0.1
HostKey $dir/host_key
PidFile none
AuthorizedKeysFile $dir/authorized_keys
StrictModes no
UsePAM no
PubkeyAuthentication yes
PasswordAuthentication $password
KbdInteractiveAuthentication no
PermitRootLogin yes
AllowTcpForwarding yes
AllowAgentForwarding yes
MaxStartups 200
MaxSessions 200
PrintMotd no
UseDNS no
LogLevel VERBOSE
Subsystem sftp internal-sftp
CONFIG
  : >"$dir/log"
  "$sshd" -D -e -f "$dir/config" 2>"$dir/log" &
  pid=$!
  for ((i = 0; i < 100; ++i)); do
    grep -q '^Server listening on' "$dir/log" && return 0
    if ! kill -0 "$pid" 2>/dev/null; then
      pid=
      return 1
    fi
    sleep 0.05
  done
  return 1
}

port=
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  port=$((20000 + RANDOM % 12000)) # below what the kernel gives out by itself
  if start "$port"; then
    break
  fi
  if ((attempt == 10)) || ! grep -q 'Address already in use' "$dir/log"; then
    echo "with-sshd.sh: sshd does not start:" >&2
    cat "$dir/log" >&2
    exit 1
  fi
done

export TKN_SSH_HOST=127.0.0.1 TKN_SSH_PORT=$port
TKN_SSH_USER=$(id -un)
TKN_SSH_HOST_KEY=$(cut -d' ' -f1,2 "$dir/host_key.pub")
export TKN_SSH_USER TKN_SSH_HOST_KEY
export TKN_SSH_KEY=$dir/user_key TKN_SSH_PUBLIC_KEY=$dir/user_key.pub TKN_SSH_LOG=$dir/log

code=0
"$@" || code=$?
exit "$code"
