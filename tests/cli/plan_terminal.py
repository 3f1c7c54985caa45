#!/usr/bin/env python3
"""What a terminal gets beyond what a pipe gets: a plan that is longer than the screen ends with what it destroys and
replaces, and why; and while nothing is printed a line says what is going on, and goes again.

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


SLOW = """
resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "sleep 1.4; echo done"
  }
}
"""


def on_screen(output):
    """What is left when lines are erased as a terminal does it."""
    lines = []
    for line in output.split("\n"):
        lines.append(line.split("\r\x1b[K")[-1])
    return "\n".join(lines)


def check_activity(program, directory, failures):
    apply = [program, "apply", "-auto-approve", "-no-color"]
    shown = in_terminal(apply, directory, 50)
    for wanted in ["\r\x1b[KApplying...", "\r\x1b[KApplying... 1s"]:
        if wanted not in shown:
            failures.append(f"silence: no {wanted!r} in {shown!r}")
    left = on_screen(shown)
    if "Applying..." in left or "(local-exec): done\n" not in left or "\x1b" in left:
        failures.append(f"what is going on stays on the screen: {left!r}")
    for name, command, environment in [
        ("TF_IN_AUTOMATION", apply + ["-replace=terraform_data.slow"], {"TF_IN_AUTOMATION": "1"}),
        ("TERM=dumb", apply + ["-replace=terraform_data.slow"], {"TERM": "dumb"}),
        ("-json", apply + ["-replace=terraform_data.slow", "-json"], {}),
    ]:
        if "\x1b" in (shown := in_terminal(command, directory, 50, environment)) or "1 added" not in shown:
            failures.append(f"{name}: {shown!r}")


def in_terminal(command, directory, rows, environment={}):
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 100, 0, 0))
    clean = {name: value for name, value in os.environ.items() if name != "TF_IN_AUTOMATION"}
    process = subprocess.Popen(command, cwd=directory, stdout=child, stdin=subprocess.DEVNULL,
                               env={**clean, "TERM": "xterm", **environment})
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
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, "main.tf"), "w") as file:
            file.write(SLOW)
        check_activity(program, directory, failures)
    for failure in failures:
        print("FAIL", failure)
    print("all as expected" if not failures else f"{len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
