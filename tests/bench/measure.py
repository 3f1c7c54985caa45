"""What the benchmarks share: a command's wall time, CPU time and peak memory, and a row that compares two of them."""

import os
import shutil
import statistics
import subprocess
import sys
import time


class Sample:
    """One run, or the medians of several: seconds, seconds, megabytes."""

    def __init__(self, wall, cpu, rss):
        self.wall, self.cpu, self.rss = wall, cpu, rss


class Program:
    def __init__(self, name, path):
        self.name, self.path = name, os.path.abspath(path)
        self.env = {**os.environ, "CHECKPOINT_DISABLE": "1", "NO_COLOR": "1"}
        self.env.pop("TF_CLI_CONFIG_FILE", None)

    def run(self, argv, directory, stdin=subprocess.DEVNULL):
        """One run, which must succeed."""
        start = time.perf_counter()
        child = subprocess.Popen([self.path] + argv, cwd=directory, env=self.env, stdin=stdin,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"{self.path} {' '.join(argv)} failed:\n{errors.decode(errors='replace')}")
        return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

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
