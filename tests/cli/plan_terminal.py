#!/usr/bin/env python3
"""A plan that is longer than the screen ends with what it destroys and replaces, and why.

    plan_terminal.py TKN
"""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios

BEFORE = """
resource "terraform_data" "many" {
  count = 3
}
resource "terraform_data" "gone" {}
resource "terraform_data" "new" {
  triggers_replace = [1]
}
resource "terraform_data" "same" {}
"""
AFTER = """
resource "terraform_data" "many" {
  count = 1
}
resource "terraform_data" "new" {
  triggers_replace = [2]
}
resource "terraform_data" "same" {}
"""
EXPECTED = """\
In short: 3 destroyed, 1 replaced.
  - terraform_data.gone     (not in the configuration)
  - terraform_data.many[1]  (outside of count)
  - terraform_data.many[2]  (outside of count)
-/+ terraform_data.new      (cannot be updated: triggers_replace)
"""


def in_terminal(command, directory, rows):
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 100, 0, 0))
    process = subprocess.Popen(command, cwd=directory, stdout=child, stdin=subprocess.DEVNULL)
    os.close(child)
    output = b""
    try:
        while piece := os.read(parent, 65536):
            output += piece
    except OSError:
        pass  # how a terminal says that its other end is closed
    process.wait()
    os.close(parent)
    return output.decode().replace("\r\n", "\n")


def main():
    program = os.path.realpath(sys.argv[1])
    failures = []
    with tempfile.TemporaryDirectory() as directory:
        main_tf = os.path.join(directory, "main.tf")

        def write(text):
            with open(main_tf, "w") as file:
                file.write(text)

        plan = [program, "plan", "-no-color"]
        write(BEFORE)
        subprocess.run([program, "apply", "-auto-approve"], cwd=directory, check=True, stdout=subprocess.DEVNULL)
        write(AFTER)
        small = in_terminal(plan, directory, 24)
        if EXPECTED not in small:
            failures.append("a small screen: no summary in\n" + small)
        if "In short" in in_terminal(plan, directory, 500):
            failures.append("a large screen: a summary nobody needs")
        piped = subprocess.run(plan, cwd=directory, capture_output=True, text=True).stdout
        if "In short" in piped or "3 to destroy" in piped or "4 to destroy" not in piped:
            failures.append("a pipe: not the plan alone")
        write(AFTER.replace("[2]", "[1]").replace("count = 1", "count = 30") + 'resource "terraform_data" "gone" {}\n')
        if "In short" in in_terminal(plan, directory, 24):
            failures.append("nothing is lost: a summary of nothing")
    for failure in failures:
        print("FAIL", failure)
    print(f"{4 - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
