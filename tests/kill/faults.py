#!/usr/bin/env python3
"""Applies 50 tokens and 10 instances while one answer in five fails, until there is nothing to do; nothing may be doubled.

    tests/kill/faults.py BUILD_DIR [--seeds N] [--first SEED] [--rate 0.2]

Every seed has a simulator and a directory of its own. Its faults are 429, 500, 502 in HTML, 503, cut before and after the
request was carried out, slow, truncated and broken JSON, chosen at random by the seed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

TOKENS, INSTANCES = 50, 10
CONFIG = """
provider "linode" {
  min_retry_delay_ms = 10
  max_retry_delay_ms = 40
  event_poll_ms      = 20
}
resource "linode_token" "t" {
  count  = %d
  label  = "token-${count.index}"
  scopes = "linodes:read_only"
  expiry = "2035-01-01T00:00:00Z"
}
resource "linode_instance" "i" {
  count           = %d
  label           = "instance-${count.index}"
  region          = "us-east"
  type            = "g6-nanode-1"
  image           = "linode/debian12"
  authorized_keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPq8 me"]
}
""" % (TOKENS, INSTANCES)
KINDS = (
    {"status": 429, "retry_after": 0},
    {"status": 500},
    {"status": 502, "html": "<html><body>Bad Gateway</body></html>"},
    {"status": 503},
    {"cut": True},
    {"cut": True, "when": "after"},
    {"latency_ms": 60},
    {"truncate": 20},
    {"wrong_json": True},
)
MOST_APPLIES = 30


def control(url, method, path, body=None):
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(url + path, data=data, method=method), timeout=30) as answer:
        return json.loads(answer.read() or "null")


def labels(url, path):
    listed = control(url, "GET", "/_sim/objects?path=" + path)
    items = listed if isinstance(listed, list) else listed.get("data", [])
    return [item["label"] for item in items if item["label"].startswith(("token-", "instance-"))]


def one(build, seed, rate):
    """How many applies it took; an error text otherwise."""
    folder = tempfile.mkdtemp()
    simulator = None
    try:
        with open(os.path.join(folder, "main.tf"), "w") as file:
            file.write(CONFIG)
        port_file = os.path.join(folder, "port")
        simulator = subprocess.Popen(
            [os.path.join(build, "tests", "linode-sim"), "--port-file", port_file, "--token", "sim", "--boot-ms", "20",
             "--rate-limit", "100000"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            if os.path.exists(port_file) and os.path.getsize(port_file):
                break
            time.sleep(0.05)
        with open(port_file) as file:
            url = "http://127.0.0.1:" + file.read().strip()
        for number, kind in enumerate(KINDS):
            control(url, "POST", "/_sim/faults",
                    {"path": "**", "probability": rate / len(KINDS), "seed": seed * 100 + number, **kind})
        env = os.environ | {"LINODE_URL": url, "LINODE_TOKEN": "sim", "LINODE_TOKEN_WARNINGS": "false"}
        tkn = os.path.join(build, "tkn")
        output = b""
        for applies in range(1, MOST_APPLIES + 1):
            done = subprocess.run([tkn, "apply", "-auto-approve"], cwd=folder, env=env, timeout=120,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            output = done.stdout
            if done.returncode < 0 or done.returncode > 1:
                return f"apply ended with {done.returncode}"
            if done.returncode == 0:
                plan = subprocess.run([tkn, "plan", "-detailed-exitcode"], cwd=folder, env=env, timeout=120,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                if plan.returncode == 0:
                    break
        else:
            return f"not done after {MOST_APPLIES} applies:\n{output.decode(errors='replace')[-3000:]}"
        for path, prefix, count in (("/profile/tokens", "token-", TOKENS), ("/linode/instances", "instance-", INSTANCES)):
            found = sorted(label for label in labels(url, path) if label.startswith(prefix))
            if found != sorted(f"{prefix}{i}" for i in range(count)):
                return f"{path} has {found}"
        return applies
    finally:
        if simulator:
            simulator.kill()
            simulator.wait()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--rate", type=float, default=0.2)
    options = parser.parse_args()
    failed = 0
    took = []
    for seed in range(options.first, options.first + options.seeds):
        result = one(os.path.abspath(options.build), seed, options.rate)
        if isinstance(result, int):
            took.append(result)
        else:
            failed += 1
            print(f"seed {seed}: {result}", flush=True)
    print(f"{len(took)} of {options.seeds} seeds converged, after {max(took, default=0)} applies at most; {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
