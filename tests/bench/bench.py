#!/usr/bin/env python3
"""Times whole commands: medians of wall time, CPU time and peak memory, and ratios to terraform in the same run.

Two configurations of N terraform_data resources: "tree", N blocks each referring to the one at half its number, and
"count", one block with count = N. For each: validate, plan (create), apply, plan (no changes), state list.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from measure import Program, find_terraform, row

# Above these sizes terraform needs many minutes; its rows are left out there, unless --patient.
TERRAFORM_MOST = {"validate": 20000, "plan": 5000, "apply": 1000, "no-op plan": 5000, "state list": 5000}


def tree(n):
    blocks = ['resource "terraform_data" "r0" {\n  input = "root"\n}\n']
    for i in range(1, n):
        blocks.append(f'resource "terraform_data" "r{i}" {{\n  input = "{i}-${{terraform_data.r{i // 2}.id}}"\n}}\n')
    return "".join(blocks)


def count(n):
    return f'resource "terraform_data" "r" {{\n  count = {n}\n  input = "item-${{count.index}}"\n}}\n'


def directory_with(program, text):
    directory = Path(tempfile.mkdtemp(prefix=f"bench-{program.name}-"))
    (directory / "main.tf").write_text(text)
    if program.name == "terraform":
        program.run(["init", "-input=false"], directory)
    return directory


def forget_state(directory):
    for file in directory.iterdir():
        if file.name != "main.tf" and file.is_file():
            file.unlink()


COMMANDS = [
    ("validate", ["validate"]),
    ("plan", ["plan", "-input=false"]),
    ("apply", ["apply", "-auto-approve", "-input=false"]),
    ("no-op plan", ["plan", "-input=false", "-detailed-exitcode"]),
    ("state list", ["state", "list"]),
]


def measure_all(program, text, n, runs, patient=False):
    directory = directory_with(program, text)
    results = {}
    try:
        for name, argv in COMMANDS:
            if program.name == "terraform" and n > TERRAFORM_MOST[name] and not patient:
                break
            slow = program.name == "terraform" and n >= 1000
            prepare = forget_state if name == "apply" else None
            results[name] = program.measure(argv, directory, 1 if slow else runs, prepare)
    finally:
        shutil.rmtree(directory)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--tkn", required=True)
    parser.add_argument("--terraform", default="terraform", help='program to compare with, or "none"')
    parser.add_argument("--sizes", default="1000,5000,20000")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--shapes", default="tree,count")
    parser.add_argument("--patient", action="store_true", help="terraform at all sizes: 5,000 take half an hour")
    args = parser.parse_args()
    tkn = Program("tkn", args.tkn)
    terraform = find_terraform(args.terraform)
    print(f"medians of {args.runs} runs (terraform: 1 from N = 1,000 on); wall time, CPU time, peak memory")

    print("version")
    with tempfile.TemporaryDirectory() as empty:
        base = terraform.measure(["version"], empty, args.runs) if terraform else None
        row("", tkn.measure(["version"], empty, max(args.runs, 11)), base)
    for n in map(int, args.sizes.split(",")):
        for shape in args.shapes.split(","):
            make = {"tree": tree, "count": count}[shape]
            print(f"{shape}, N = {n}")
            base = measure_all(terraform, make(n), n, args.runs, args.patient) if terraform else {}
            for name, sample in measure_all(tkn, make(n), n, args.runs).items():
                row(name, sample, base.get(name))


if __name__ == "__main__":
    main()
