#!/usr/bin/env python3
"""Configurations made to bring the program down: each gets its answer quickly and within bounded memory.

    hostile.py TKN [--no-memory]     --no-memory: for sanitizer builds, whose memory is not the program's
"""

import os
import re
import subprocess
import sys
import tempfile
import time

MB = 1 << 20


def output(expression):
    return f'output "x" {{\n  value = {expression}\n}}\n'


def locals_doubling(first, step):
    names = "".join(f"  a{i} = {step.format(f'local.a{i - 1}')}\n" for i in range(1, 60))
    return f"locals {{\n  a0 = {first}\n{names}}}\n" + output("length(local.a59)")


N = 100_000
DEEP = "Nesting too deep"
WORK = "Expression does too much work"
CALL = "Error in function call"

# name: text, wanted summary (None: it succeeds)
CASES = {
    "brackets": (output("[" * N + "]" * N), DEEP),
    "brackets that are never closed": (output("[" * N), DEEP),
    "parentheses": (output("(" * N + "1" + ")" * N), DEEP),
    "blocks": ("a {\n" * N + "}\n" * N, DEEP),
    "a long sum": (output("1+" * 1_000_000 + "1"), DEEP),
    "signs": (output("!" * 1_000_000 + "true"), DEEP),
    "conditionals": (output("true ? 1 : " * N + "2"), DEEP),
    "templates": (output('"${' * N + "1" + '}"' * N), DEEP),
    "directives": (output('"' + "%{ if true }" * N + '"'), DEEP),
    "indexes": (output("a" + "[0]" * 1_000_000), DEEP),
    "attributes": (output("a" + ".b" * 1_000_000), DEEP),
    "calls": (output("f(" * N + ")" * N), DEEP),
    "types": (f'variable "x" {{\n  type = {"list(" * N}string{")" * N}\n}}\n', DEEP),
    "labels": ("x " + '"a" ' * 1_000_000 + "{}\n", "Unsupported block type"),
    "an endless comment": ("/*" * 1_000_000, "Argument or block definition required"),
    "an endless text": ('a = "' + "x" * 5_000_000, "Unterminated template string"),
    "errors": ("x = $\n" * 1_000_000, "Invalid character"),
    "digits": (output("9" * 1_000_000), "Invalid number literal"),
    "exponent": (output("1e1000000000"), "Invalid number literal"),
    "infinity": (output("pow(10, 1000000000)"), "Invalid number"),
    "range": (output("[for a in range(1000000000) : a]"), CALL),
    "loops": (output("[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]"), WORK),
    "product": (output("setproduct(range(1000), range(1000), range(1000))"), CALL),
    "a text that doubles": (locals_doubling('"x"', '"${{{0}}}${{{0}}}"'), WORK),
    "a list that doubles": (locals_doubling('["x"]', "concat({0}, {0})"), CALL),
    "backtracking": (output('regex("(a*)*b", "' + "a" * 5000 + '")'), CALL),
    "a large pattern": (output('regex("((a{1,1000}){1,1000}){1,1000}", "a")'), "Invalid function argument"),
    "width": (output('format("%1000000000d", 1)'), CALL),
    "width as argument": (output('format("%*d", 1000000000, 1)'), CALL),
    "precision": (output('format("%.1000000000f", 1)'), CALL),
    "indent": (output('indent(1000000000, "a\\nb")'), CALL),
    "replace": (output('length(replace("' + "a" * 20000 + '", "a", "' + "b" * 20000 + '"))'), CALL),
    "JSON": (output('jsondecode("' + "[" * N + '")'), CALL),
    "YAML aliases": (
        output('yamldecode("a: &a [x,x,x,x,x,x,x,x,x]\\n' + "".join(
            f"{b}: &{b} [{','.join(['*' + a] * 9)}]\\n" for a, b in zip("abcdefgh", "bcdefghi")) + '")'), CALL),
    "bcrypt": (output('bcrypt("a", 31)'), CALL),
    "count": ('resource "terraform_data" "x" {\n  count = 1000000000\n}\n', "Invalid count argument"),
    "a heredoc of 100 MB": (output("length(split(\"\\n\", <<E\n" + ("y" * 9999 + "\n") * 10_000 + "E\n))"), None),
    "an empty file": ("", None),
}

# What expressions make is bounded by the limits of docs/language.md, not by the size of the source.
BY_LIMITS = {"loops", "a text that doubles", "a list that doubles", "replace", "product"}
JSON_CASES = {
    "brackets in JSON": ('{"output": {"x": {"value": ' + "[" * N + "]" * N + "}}}", DEEP),
    "objects in JSON": ('{"output": {"x": {"value": ' + '{"a":' * N + "1" + "}" * N + "}}}", DEEP),
    "an endless JSON text": ('{"output": "' + "x" * 5_000_000, "Invalid JSON"),
}


# Starts the program and writes down how it ended and its peak memory. This is a process of its own, since a child
# starts with its parent's peak, and the parent holds all the texts.
MEASURE = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(child.pid, 0)
with open(sys.argv[1], "w") as report:
    print(os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024, file=report)
"""


def run(program, file, text):
    """Exit code, output, seconds, peak memory in bytes."""
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, file), "w") as out:
            out.write(text)
        start = time.monotonic()
        report = os.path.join(directory, "report")
        with tempfile.TemporaryFile() as printed:
            subprocess.run([sys.executable, "-S", "-c", MEASURE, report, program, "plan", "-no-color", "-input=false"],
                           cwd=directory, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT,
                           check=True)
            seconds = time.monotonic() - start
            with open(report) as lines:
                code, memory = map(int, lines.read().split())
            printed.seek(0)
            return code, printed.read().decode(errors="replace"), seconds, memory


def main():
    program = os.path.abspath(sys.argv[1])
    check_memory = "--no-memory" not in sys.argv
    failed = 0
    cases = [(name, "main.tf", *case) for name, case in CASES.items()]
    cases += [(name, "main.tf.json", *case) for name, case in JSON_CASES.items()]
    for name, file, text, wanted in cases:
        code, printed, seconds, memory = run(program, file, text)
        problems = []
        if wanted is None and code != 0:
            problems.append(f"exit code {code}")
        if wanted is not None and (code != 1 or not re.search("Error: " + re.escape(wanted), printed)):
            problems.append(f"exit code {code}, and no {wanted!r}")
        if seconds > 60:
            problems.append(f"{seconds:.1f} s")
        bound = 256 * MB if name in BY_LIMITS else 28 * len(text) + 64 * MB
        if check_memory and memory > bound:
            problems.append(f"{memory / MB:.0f} MB, allowed are {bound / MB:.0f}")
        if problems:
            failed += 1
            print(f"FAILED {name}: {', '.join(problems)}\n{printed[:2000]}")
    print(f"{len(cases) - failed} of {len(cases)} answered well")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
