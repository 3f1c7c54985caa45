#!/usr/bin/env python3
"""Times whole commands: medians of wall time, CPU time and peak memory, and ratios to terraform in the same run.

Configurations of N terraform_data resources: "separate", N blocks; "tree", N blocks each referring to the one at half
its number; "count", one block with count = N. And "modules": N/10 modules, each of which has 60 variables and one
resource. For each: validate, plan (create), apply, plan (no changes), state list. Where terraform's own apply would take
too long, the state for its next plan is the one that tkn's apply left, taken with "state pull".
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from measure import Program, find_terraform, row

# Above these sizes terraform needs many minutes; its rows are left out there, unless --patient.
TERRAFORM_MOST = {"validate": 20000, "plan": 5000, "apply": 1000, "no-op plan": 5000, "state list": 5000}


def separate(n):
    return {"main.tf": "".join(f'resource "terraform_data" "r{i}" {{\n  input = "item-{i}"\n}}\n' for i in range(n))}


def tree(n):
    blocks = ['resource "terraform_data" "r0" {\n  input = "root"\n}\n']
    for i in range(1, n):
        blocks.append(f'resource "terraform_data" "r{i}" {{\n  input = "{i}-${{terraform_data.r{i // 2}.id}}"\n}}\n')
    return {"main.tf": "".join(blocks)}


def count(n):
    return {"main.tf": f'resource "terraform_data" "r" {{\n  count = {n}\n  input = "item-${{count.index}}"\n}}\n'}


def modules(n, variables=60):
    names = [f"v{i}" for i in range(variables)]
    child = "".join(f'variable "{name}" {{\n  type = string\n}}\n' for name in names)
    child += 'resource "terraform_data" "r" {\n  input = [' + ", ".join(f"var.{name}" for name in names) + "]\n}\n"
    arguments = "".join(f'  {name} = "{name}"\n' for name in names)
    calls = (f'module "m{i}" {{\n  source = "./child"\n{arguments}}}\n' for i in range(n // 10))
    return {"main.tf": "".join(calls), "child/main.tf": child}


SHAPES = {"separate": separate, "tree": tree, "count": count, "modules": modules}


def directory_with(program, files):
    directory = Path(tempfile.mkdtemp(prefix=f"bench-{program.name}-"))
    for name, text in files.items():
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_text(text)
    if program.name == "terraform":
        program.run(["init", "-input=false"], directory)
    return directory


def forget_state(directory):
    for file in directory.iterdir():
        if file.suffix != ".tf" and file.is_file() and not file.name.startswith(".terraform"):
            file.unlink()


COMMANDS = [
    ("validate", ["validate"]),
    ("plan", ["plan", "-input=false"]),
    ("apply", ["apply", "-auto-approve", "-input=false"]),
    ("no-op plan", ["plan", "-input=false", "-detailed-exitcode"]),
    ("state list", ["state", "list"]),
]


def measure_tkn(tkn, files, runs):
    """The samples by command, and the state after the apply as terraform reads it."""
    directory = directory_with(tkn, files)
    results = {}
    try:
        for name, argv in COMMANDS:
            prepare = forget_state if name == "apply" else None
            results[name] = tkn.measure(argv, directory, runs, prepare)
        return results, tkn.output(["state", "pull"], directory)
    finally:
        shutil.rmtree(directory)


def measure_terraform(terraform, files, n, runs, state, patient):
    directory = directory_with(terraform, files)
    results = {}
    try:
        for name, argv in COMMANDS:
            if n > TERRAFORM_MOST[name] and not patient:
                if name == "apply":
                    (directory / "terraform.tfstate").write_bytes(state)
                continue
            prepare = forget_state if name == "apply" else None
            results[name] = terraform.measure(argv, directory, 1 if n >= 1000 else runs, prepare)
    finally:
        shutil.rmtree(directory)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--tkn", required=True)
    parser.add_argument("--terraform", default="terraform", help='program to compare with, or "none"')
    parser.add_argument("--sizes", default="1000,5000,20000")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--shapes", default="separate,tree,count,modules")
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
            files = SHAPES[shape](n)
            print(f"{shape}, N = {n}", flush=True)
            samples, state = measure_tkn(tkn, files, args.runs)
            base = measure_terraform(terraform, files, n, args.runs, state, args.patient) if terraform else {}
            for name, sample in samples.items():
                row(name, sample, base.get(name))


if __name__ == "__main__":
    main()
