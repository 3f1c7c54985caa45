#!/usr/bin/env python3
"""The console in a terminal: history, completion, input over several lines, Ctrl-C and Ctrl-D.

    console_terminal.py TKN
"""

import os
import pty
import re
import select
import sys
import tempfile
import time

CONFIGURATION = """
variable "first" { default = 1 }
variable "second" { default = { name = "x", nested = { deep = 7 } } }
"""


class Console:
    def __init__(self, program, directory):
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(directory)
            os.environ["TERM"] = "xterm"
            os.execv(program, [program, "console", "-no-color"])
        self.output = ""

    def read(self, wanted, seconds=10):
        """What was printed up to `wanted`, a regular expression; "" behind a failure."""
        end = time.time() + seconds
        while time.time() < end:
            found = re.search(wanted, self.output)
            if found:
                before, self.output = self.output[: found.end()], self.output[found.end():]
                return before
            if select.select([self.terminal], [], [], 0.1)[0]:
                try:
                    self.output += os.read(self.terminal, 4096).decode(errors="replace")
                except OSError:
                    break
        return ""

    def type(self, keys):
        os.write(self.terminal, keys.encode())

    def wait(self):
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])


def main():
    program = os.path.abspath(sys.argv[1])
    failures = []

    def expect(name, console, keys, wanted):
        console.type(keys)
        if not console.read(wanted):
            failures.append(f"{name}: no {wanted!r} in {console.output!r}")

    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, "main.tf"), "w") as file:
            file.write(CONFIGURATION)
        console = Console(program, directory)
        expect("prompt", console, "", "> ")
        expect("value", console, "20 + 3\n", r"23\r\n.*> ")
        expect("several lines", console, "[1,\n", ": ")
        expect("several lines, end", console, "2]\n", r"\[\r\n  1,\r\n  2,\r\n\]\r\n.*> ")
        expect("heredoc", console, "upper(<<E\n", ": ")
        expect("heredoc, text", console, "word\n", ": ")
        expect("heredoc, end", console, "E\n)\n", r"WORD\r\n(.|\n)*> ")
        expect("completion", console, "var.fi\t\n", r"var\.fi.*rst.*\r\n1\r\n.*> ")
        expect("completion lists", console, "var.\t\t", r"var\.first +var\.second")
        expect("completion of attributes", console, "se\t.ne\t.de\t\n", r"\r\n7\r\n.*> ")
        expect("history", console, "\x1b[A\x1b[A\n", r"first.*\r\n1\r\n.*> ")
        expect("Ctrl-C gives up the line", console, "1 +\x03", r"\^C\r\n.*> ")
        expect("Ctrl-C gives up an open input", console, "(1\n\x03", r": .*\^C\r\n.*> ")
        expect("an error does not end it", console, "nope\n", r"Invalid reference(.|\n)*> ")
        expect("still there", console, "6 * 7\n", r"42\r\n.*> ")
        console.type("\x04")
        if console.wait() != 0:
            failures.append("Ctrl-D: the exit code is not 0")
        console = Console(program, directory)
        console.read("> ")
        console.type("exit\n")
        if console.wait() != 0:
            failures.append("exit: the exit code is not 0")
    for failure in failures:
        print("FAILED", failure)
    print(f"{17 - len(failures)} of 17 hold")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
