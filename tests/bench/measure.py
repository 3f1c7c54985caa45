"""What the benchmarks share: a command's wall time, CPU time and peak memory, and a row that compares two of them."""

import os
import pickle
import shutil
import statistics
import subprocess
import sys
import time


class Sample:
    """One run, or the medians of several: seconds, seconds, megabytes."""

    def __init__(self, wall, cpu, rss):
        self.wall, self.cpu, self.rss = wall, cpu, rss


def run_once(argv, directory, env, stdin):
    """(exit code, standard error, what makes a Sample)"""
    start = time.perf_counter()
    with open(stdin or os.devnull, "rb") as given:
        child = subprocess.Popen(argv, cwd=directory, env=env, stdin=given, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, errors, (wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


class Starter:
    """Starts programs from a process that stays small: a program's peak memory begins with that of whoever starts it."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, *request):
        pickle.dump(request, self.process.stdin)
        self.process.stdin.flush()
        return pickle.load(self.process.stdout)

    @staticmethod
    def serve():
        try:
            while True:
                answer = run_once(*pickle.load(sys.stdin.buffer))
                pickle.dump(answer, sys.stdout.buffer)
                sys.stdout.buffer.flush()
        except EOFError:
            pass


class Program:
    def __init__(self, name, path):
        self.name, self.path = name, os.path.abspath(path)
        self.starter = Starter()
        self.env = {**os.environ, "CHECKPOINT_DISABLE": "1", "NO_COLOR": "1"}
        self.env.pop("TF_CLI_CONFIG_FILE", None)

    def run(self, argv, directory, stdin=None):
        """One run, which must succeed. `stdin`: the name of a file."""
        code, errors, sample = self.starter.run([self.path] + argv, str(directory), self.env, stdin and str(stdin))
        if code != 0:
            sys.exit(f"{self.path} {' '.join(argv)} failed:\n{errors.decode(errors='replace')}")
        return Sample(*sample)

    def output(self, argv, directory):
        """What one run writes to its standard output; it must succeed."""
        return subprocess.run([self.path] + argv, cwd=directory, env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, check=True).stdout

    def measure(self, argv, directory, runs, prepare=None):
        samples = []
        for _ in range(runs):
            if prepare:
                prepare(directory)
            samples.append(self.run(argv, directory))
        return median(samples)


def median(samples):
    return Sample(*(statistics.median(getattr(s, field) for s in samples) for field in ("wall", "cpu", "rss")))


def find_terraform(name):
    """The program to compare with, or None when there is none or "none" was asked for."""
    found = None if name == "none" else shutil.which(name)
    if not found:
        print("no terraform here: no ratios")
    return Program("terraform", found) if found else None


def row(label, sample, base=None):
    text = f"  {label:<12}{sample.wall * 1000:>10.1f} ms {sample.cpu * 1000:>10.1f} ms {sample.rss:>8.1f} MB"
    if base:
        text += f"   terraform {base.wall * 1000:>10.1f} ms {base.rss:>7.1f} MB"
        text += f"   {base.wall / sample.wall:>7.1f}x faster, {base.rss / sample.rss:>5.1f}x less memory"
    print(text, flush=True)


if __name__ == "__main__":
    Starter.serve()
