#!/usr/bin/env python3
"""Measures tkn with N tokens against the simulator: time, CPU and requests of apply, no-op plan and destroy.

    tests/simulator/with-sim.sh build/dev --latency 50 -- tests/bench/tokens.py --tkn build/release/tkn [--tokens 200]

Every request waits for the simulator's latency, so the ideal is tokens / parallelism * latency.
"""

import argparse
import json
import os
import resource
import subprocess
import tempfile
import time
import urllib.request

CONFIG = """
resource "linode_token" "t" {
  count  = %d
  label  = "bench-${count.index}"
  scopes = "linodes:read_only"
  expiry = "2035-01-01T00:00:00Z"
}
"""


def control(method, path):
    request = urllib.request.Request(os.environ["LINODE_URL"] + path, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or "{}")


def run(tkn, folder, *arguments):
    control("DELETE", "/_sim/requests")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    subprocess.run([tkn, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    elapsed = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    asked = control("GET", "/_sim/requests")
    return elapsed, cpu, asked["total"], asked["most_at_once"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tkn", required=True)
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    tkn = os.path.abspath(options.tkn)
    print(f"{'':10} {'seconds':>8} {'CPU s':>8} {'requests':>9} {'at once':>8}   (best of {options.runs})")
    best = {}
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "main.tf"), "w") as file:
                file.write(CONFIG % options.tokens)
            for name, arguments in (
                ("apply", ("apply", "-auto-approve")),
                ("plan", ("plan",)),
                ("destroy", ("destroy", "-auto-approve")),
            ):
                figures = run(tkn, folder, *arguments)
                best[name] = min(best.get(name, figures), figures)
    for name, (elapsed, cpu, requests, at_once) in best.items():
        print(f"{name:10} {elapsed:8.3f} {cpu:8.3f} {requests:9} {at_once:8}")


if __name__ == "__main__":
    main()
