#!/usr/bin/env python3
"""Checks what must hold for every configuration, on random ones.

    run.py --tkn PATH [--first N] [--seeds N] [--jobs N] [--terraform PATH]

For each seed: applying a saved plan gives the same state as planning and applying at once, and one call at a time
the same as ten; a plan after an apply is empty; all that also after an edit; destroying leaves an empty state. With
--terraform, both plans and one to destroy are compared with those of that program, as `show` prints them for programs
and for people, and the order in which they are carried out, as `graph -plan` does. A seed that fails is printed with
what differs; generate.py SEED shows its files.

Some edits cannot be applied: what is to be destroyed and what is to be created wait for each other (Terraform says so
too). Then the plan must say so, and both ways must refuse it before anything is done.
"""

import argparse
import difflib
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from generate import generate

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
DEPOSED = re.compile(r"deposed [0-9a-f]{8}")
DEPOSED_TEXT = re.compile(r"deposed object [0-9a-f]{8}")
# What differs from run to run, or says which program it was.
DROPPED = {"lineage", "serial", "timestamp", "terraform_version"}
# Lists whose order means nothing, or that Terraform fills from a map.
SORTED = {"child_modules", "relevant_attributes", "checks", "check_results", "sensitive_attributes", "instances"}


class Failure(Exception):
    pass


class Directory:
    """A root module, and one program that works in it."""

    def __init__(self, program, path):
        self.program = program
        self.path = path
        self.env = {**os.environ, "NO_COLOR": "1", "CHECKPOINT_DISABLE": "1", "HOME": str(path.parent)}

    def write(self, files):
        for old in self.path.rglob("*.tf"):
            old.unlink()
        for name, text in files.items():
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def run(self, *words, allowed=(0,)):
        done = subprocess.run([self.program, *words], cwd=self.path, env=self.env, capture_output=True, text=True)
        if done.returncode not in allowed:
            raise Failure("%s: exit code %d\n%s%s" % (" ".join(words), done.returncode, done.stdout[-2000:], done.stderr[-2000:]))
        return done

    def plan(self, name, *flags):
        """Saves a plan, also one that cannot be carried out: 1 as exit code."""
        done = self.run("plan", "-input=false", "-out=" + name, *flags, allowed=(0, 1))
        if done.returncode == 1:
            check_cycle(done, "the plan fails (%s)" % name)
        return done

    def order(self, plan):
        """What applying a plan goes through, in which order."""
        return DEPOSED.sub("deposed <key>", self.run("graph", "-plan=" + plan).stdout).split("\n")

    def copy(self, name):
        other = Directory(self.program, self.path.parent / name)
        shutil.rmtree(other.path, ignore_errors=True)
        shutil.copytree(self.path, other.path)
        return other

    def state(self):
        text = self.run("state", "pull").stdout
        return normal(json.loads(text) if text.strip() else {})

    def shown(self, plan):
        return normal(json.loads(self.run("show", "-json", plan).stdout))

    def text(self, plan):
        """What people see of a plan, but for what is said around it."""
        text = UUID.sub("<id>", self.run("show", "-no-color", plan).stdout)
        lines = DEPOSED_TEXT.sub("deposed object <key>", text).split("\n")
        return [line.rstrip() for line in lines if line.startswith((" ", "Plan: ", "Changes to "))]


def normal(value, key=""):
    if isinstance(value, dict):
        return {k: normal(v, k) for k, v in value.items() if k not in DROPPED}
    if isinstance(value, list):
        items = [normal(item) for item in value]
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True)) if key in SORTED else items
    return UUID.sub("<id>", value) if isinstance(value, str) else value


def check_cycle(done, what):
    if "Cycle: " not in done.stdout + done.stderr:
        raise Failure("%s\n%s%s" % (what, done.stdout[-2000:], done.stderr[-2000:]))


def same(what, a, b):
    if a == b:
        return
    texts = [json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False).split("\n") for value in (a, b)]
    raise Failure(what + "\n" + "\n".join(list(difflib.unified_diff(*texts, lineterm="", n=4))[:60]))


def apply_both_ways(work, files, name):
    work.write(files)
    planned = work.plan(name)
    other = work.copy("other")
    done = other.run("apply", "-input=false", "-auto-approve", "-parallelism=1", allowed=(0, 1))
    if done.returncode != planned.returncode:
        raise Failure("the plan ends with %d (%s), the apply with %d\n%s%s"
                      % (planned.returncode, name, done.returncode, planned.stderr[-2000:], done.stderr[-2000:]))
    if done.returncode == 1:
        before = work.state()
        refused = work.run("apply", "-input=false", name, allowed=(1,))
        for told in (done, refused):
            check_cycle(told, "the apply fails (%s)" % name)
        same("a refused apply does nothing (%s)" % name, before, work.state())
        same("a refused apply does nothing (%s)" % name, before, other.state())
        return
    work.run("apply", "-input=false", name)
    same("a saved plan and one call at a time (%s)" % name, work.state(), other.state())
    done = work.run("plan", "-input=false", "-detailed-exitcode", allowed=(0, 2))
    if done.returncode == 2:
        raise Failure("the plan after an apply is not empty (%s)\n%s" % (name, done.stdout[-2500:]))


def compare_plans(work, reference, files, name, *flags):
    reference.write(files)
    reference.run("init", "-input=false")
    expected = reference.plan(name, *flags)
    work.write(files)
    planned = work.plan(name, *flags)
    same("the plan of the other program (%s)" % name, reference.shown(name), work.shown(name))
    same("the text of the other program (%s)" % name, reference.text(name), work.text(name))
    # What an object that creates first depended on may be destroyed after it: then there is an order that
    # Terraform does not find.
    if planned.returncode > expected.returncode:
        raise Failure("the other program can carry the plan out (%s)\n%s" % (name, planned.stderr[-2000:]))
    if expected.returncode == 0:
        same("the order of the other program (%s)" % name, reference.order(name), work.order(name))


def check(seed, options):
    first, edited = generate(seed)
    with tempfile.TemporaryDirectory(prefix="random-") as top:
        path = Path(top) / "work"
        path.mkdir()
        work = Directory(options.tkn, path)
        if options.terraform:
            path = Path(top) / "reference"
            path.mkdir()
            reference = Directory(options.terraform, path)
            compare_plans(work, reference, first, "first")
            reference.run("apply", "-input=false", "first")
            work.run("apply", "-input=false", "first")
            compare_plans(work, reference, edited, "edited")
            compare_plans(work, reference, edited, "destroyed", "-destroy")
            return
        apply_both_ways(work, first, "first")
        apply_both_ways(work, edited, "edited")
        work.run("destroy", "-input=false", "-auto-approve")
        left = work.run("state", "list").stdout
        if left:
            raise Failure("destroying left\n" + left)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tkn", required=True, type=os.path.abspath)
    parser.add_argument("--terraform", default="")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    failed = []
    done = itertools.count(1)

    def one(seed):
        try:
            check(seed, options)
        except Failure as failure:
            failed.append(seed)
            print("FAIL seed %d: %s\n" % (seed, failure), flush=True)
        if (n := next(done)) % 500 == 0:
            print("%d seeds, %d failed" % (n, len(failed)), flush=True)

    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(one, range(options.first, options.first + options.seeds)))
    print("%d of %d seeds hold%s" % (options.seeds - len(failed), options.seeds, ", not: %s" % sorted(failed) if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
