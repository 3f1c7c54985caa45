#!/usr/bin/env bash
# Installs what is missing, builds tkn, starts the Linode simulator and an SSH server on loopback, and goes through
# the life of a token: see life-of-a-token.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
.ci/install
cmake --preset dev >/dev/null
echo "Building (the first time takes a few minutes) ..."
cmake --build --preset dev --target tkn tkn_http tkn_ssh linode-sim
exec tests/sshd/with-sshd.sh tests/simulator/with-sim.sh build/dev --boot-ms 500 -- examples/life-of-a-token.sh build/dev/tkn
