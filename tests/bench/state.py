#!/usr/bin/env python3
"""Times what large states cost: an apply of 5,000 resources, and opening, listing and changing a state of 100,000.

    tests/bench/run.sh state [--check]

"base" is the time that a program takes here that does nothing, to judge the others by. With --check the exit code is 1
when a limit is exceeded by the best of the runs, less base: the best, since others may be at work on the machine.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

from bench import count, forget_state
from measure import Program

APPLIED = 5000
ROWS = 100000
MOST = {"apply": 3.0, "list": 0.3, "change": 0.1, "size": 1.5}


def large_state():
    instances = [
        {"index_key": i, "schema_version": 0,
         "attributes": {"id": str(uuid.UUID(int=i)), "input": {"value": f"item-{i}", "type": "string"},
                        "output": {"value": f"item-{i}", "type": "string"}, "triggers_replace": None},
         "sensitive_attributes": []} for i in range(ROWS)]
    resource = {"mode": "managed", "type": "terraform_data", "name": "r",
                "provider": 'provider["terraform.io/builtin/terraform"]', "instances": instances}
    return json.dumps({"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": str(uuid.UUID(int=1)),
                       "outputs": {}, "resources": [resource], "check_results": None})


def size_to_data(tkn, directory):
    """Bytes of the database for each byte of the state's content, which is taken to be its JSON without blanks."""
    pulled = json.loads(subprocess.check_output([tkn.path, "state", "pull"], cwd=directory, env=tkn.env))
    return os.path.getsize(directory / "tkn.db") / len(json.dumps(pulled, separators=(",", ":"), ensure_ascii=False))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--tkn", required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    tkn = Program("tkn", args.tkn)
    exceeded = []

    def measure(name, commands, directory, most=None, prepare=None, program=tkn):
        """The commands take turns: what one does the next undoes."""
        samples = []
        for i in range(args.runs):
            if prepare:
                prepare(directory)
            samples.append(program.run(commands[i % len(commands)], directory))
        walls = [s.wall for s in samples]
        print(f"  {name:<44}{min(walls) * 1000:>9.1f} ms best {statistics.median(walls) * 1000:>9.1f} ms median"
              f" {statistics.median(s.cpu for s in samples) * 1000:>9.1f} ms CPU"
              f" {statistics.median(s.rss for s in samples):>7.1f} MB", flush=True)
        if most and min(walls) - base > most:
            exceeded.append(name)
        return min(walls)

    base = 0.0
    with tempfile.TemporaryDirectory(prefix="bench-state-") as name:
        directory = Path(name)
        base = measure("base: true", [[]], directory, program=Program("true", "/bin/true"))
        measure("tkn version", [["version"]], directory)
        (directory / "main.tf").write_text(count(APPLIED)["main.tf"])
        measure(f"apply of {APPLIED} terraform_data", [["apply", "-auto-approve"]], directory, MOST["apply"], forget_state)
        ratios = [size_to_data(tkn, directory)]

        forget_state(directory)
        (directory / "large.tfstate").write_text(large_state())
        tkn.run(["state", "push", "large.tfstate"], directory)
        measure(f"state list of {ROWS}", [["state", "list"]], directory, MOST["list"])
        one = "terraform_data.r[50000]"
        measure("state show of one", [["state", "show", one]], directory)
        measure("a change of one: taint, untaint", [["taint", one], ["untaint", one]], directory, MOST["change"])
        ratios.append(size_to_data(tkn, directory))
        print(f"  size of the database to the data: {ratios[0]:.2f} after the apply, {ratios[1]:.2f} after the changes")
        if max(ratios) > MOST["size"]:
            exceeded.append("size")
    if exceeded:
        print("over the limit: " + ", ".join(exceeded))
    return 1 if args.check and exceeded else 0


if __name__ == "__main__":
    sys.exit(main())
