#!/usr/bin/env python3
"""Times whole commands: medians of wall time, CPU time and peak memory, and ratios to terraform in the same run.

Two configurations of N terraform_data resources: "tree", N blocks each referring to the one at half its number, and
"count", one block with count = N. For each: validate, plan (create), apply, plan (no changes), state list.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Above these sizes terraform needs many minutes; its rows are left out there.
TERRAFORM_MOST = {"validate": 20000, "plan": 5000, "apply": 1000, "no-op plan": 5000, "state list": 5000}


def tree(n):
    blocks = ['resource "terraform_data" "r0" {\n  input = "root"\n}\n']
    for i in range(1, n):
        blocks.append(f'resource "terraform_data" "r{i}" {{\n  input = "{i}-${{terraform_data.r{i // 2}.id}}"\n}}\n')
    return "".join(blocks)


def count(n):
    return f'resource "terraform_data" "r" {{\n  count = {n}\n  input = "item-${{count.index}}"\n}}\n'


class Sample:
    def __init__(self, wall, cpu, rss):
        self.wall, self.cpu, self.rss = wall, cpu, rss


def run(argv, directory, env):
    start = time.perf_counter()
    child = subprocess.Popen(argv, cwd=directory, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(argv)} failed:\n{errors.decode(errors='replace')}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(samples):
    return Sample(*(statistics.median(getattr(s, field) for s in samples) for field in ("wall", "cpu", "rss")))


class Program:
    def __init__(self, name, path):
        self.name, self.path = name, os.path.abspath(path)
        self.env = {**os.environ, "CHECKPOINT_DISABLE": "1", "NO_COLOR": "1"}
        self.env.pop("TF_CLI_CONFIG_FILE", None)

    def directory(self, text):
        directory = Path(tempfile.mkdtemp(prefix=f"bench-{self.name}-"))
        (directory / "main.tf").write_text(text)
        if self.name == "terraform":
            run([self.path, "init", "-input=false"], directory, self.env)
        return directory

    def forget_state(self, directory):
        for file in directory.iterdir():
            if file.name != "main.tf" and file.is_file():
                file.unlink()

    def measure(self, argv, directory, runs, prepare=None):
        samples = []
        for _ in range(runs):
            if prepare:
                prepare(directory)
            samples.append(run([self.path] + argv, directory, self.env))
        return median(samples)


COMMANDS = [
    ("validate", ["validate"]),
    ("plan", ["plan", "-input=false"]),
    ("apply", ["apply", "-auto-approve", "-input=false"]),
    ("no-op plan", ["plan", "-input=false", "-detailed-exitcode"]),
    ("state list", ["state", "list"]),
]


def measure_all(program, text, n, runs):
    directory = program.directory(text)
    results = {}
    try:
        for name, argv in COMMANDS:
            if program.name == "terraform" and n > TERRAFORM_MOST[name]:
                break
            slow = program.name == "terraform" and n >= 1000
            prepare = program.forget_state if name == "apply" else None
            results[name] = program.measure(argv, directory, 1 if slow else runs, prepare)
    finally:
        shutil.rmtree(directory)
    return results


def row(label, sample, base):
    text = f"  {label:<12}{sample.wall * 1000:>10.1f} ms {sample.cpu * 1000:>10.1f} ms {sample.rss:>8.1f} MB"
    if base:
        text += f"   terraform {base.wall * 1000:>10.1f} ms {base.rss:>7.1f} MB"
        text += f"   {base.wall / sample.wall:>7.1f}x faster, {base.rss / sample.rss:>5.1f}x less memory"
    print(text, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--tkn", required=True)
    parser.add_argument("--terraform", default="terraform", help='program to compare with, or "none"')
    parser.add_argument("--sizes", default="1000,5000,20000")
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    tkn = Program("tkn", args.tkn)
    found = None if args.terraform == "none" else shutil.which(args.terraform)
    terraform = Program("terraform", found) if found else None
    print(f"medians of {args.runs} runs (terraform: 1 from N = 1,000 on); wall time, CPU time, peak memory")
    if not terraform:
        print("no terraform here: no ratios")

    print("version")
    with tempfile.TemporaryDirectory() as empty:
        base = terraform.measure(["version"], empty, args.runs) if terraform else None
        row("", tkn.measure(["version"], empty, max(args.runs, 11)), base)
    for n in map(int, args.sizes.split(",")):
        for shape, make in (("tree", tree), ("count", count)):
            print(f"{shape}, N = {n}")
            base = measure_all(terraform, make(n), n, args.runs) if terraform else {}
            for name, sample in measure_all(tkn, make(n), n, args.runs).items():
                row(name, sample, base.get(name))


if __name__ == "__main__":
    main()
