#!/usr/bin/env python3
"""Kills tkn with SIGKILL at random moments of an apply of 20 tokens, and looks at what is left.

    tests/kill/run.sh [BUILD_DIR] [--kills N] [--seed N] [--only ROUND]

A round is one directory and a simulator without tokens. tkn apply is killed once, or several times in a row, and then left
alone. After each kill:

  - the database passes PRAGMA integrity_check;
  - every "Creation complete" that was printed is in the state;
  - every token at the API is in the state, or an open intent names it (no orphan);
  - none of them is there twice (no duplicate).

Then plan and apply are repeated until plan has nothing to do, which must be soon, and there must be exactly the 20 tokens at
the API and in the state, the same ones, and no intent.

LINODE_URL and LINODE_TOKEN are those of the simulator: see tests/simulator/with-sim.sh.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from database import Failure, State

TOKENS = 20
CONFIG = """
provider "linode" {
  min_retry_delay_ms = 100
}
resource "linode_token" "t" {
  count  = %d
  label  = "kill-${count.index}"
  scopes = "linodes:read_only"
  expiry = "2030-01-01T00:00:00Z"
}
""" % TOKENS
TO_CONVERGE = 4  # applies that may be needed after the last kill


def control(method, path, body=None):
    url = os.environ["LINODE_URL"] + path
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data=data, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def tokens_at_api():
    """id -> label of those that the configuration makes; the one in use has another label."""
    found = control("GET", "/_sim/objects?path=/profile/tokens")
    if isinstance(found, dict):
        found = found.get("data", found.get("objects"))
    return {str(token["id"]): token["label"] for token in found if token["label"].startswith("kill-")}


class Tkn:
    def __init__(self, program, directory):
        self.program, self.directory = program, directory

    def run(self, *arguments, kill_after=None):
        """(exit code, output); the code is None when it was killed."""
        process = subprocess.Popen([self.program, *arguments], cwd=self.directory, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        output = []
        reader = threading.Thread(target=lambda: output.append(process.stdout.read()))
        reader.start()
        killed = False
        try:
            process.wait(timeout=kill_after if kill_after is not None else 120)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed = True
        reader.join()
        if killed and kill_after is None:
            raise Failure("tkn %s hangs:\n%s" % (" ".join(arguments), output[0][-2000:]))
        return (None if killed else process.returncode), output[0]

    def apply(self, kill_after=None):
        return self.run("apply", "-auto-approve", "-input=false", "-no-color", kill_after=kill_after)

    def plan(self):
        return self.run("plan", "-input=false", "-no-color", "-detailed-exitcode")


def check_after_kill(directory, output):
    state = State(os.path.join(directory, "tkn.db"))
    ours = state.tokens()
    api = tokens_at_api()
    for address, identity in re.findall(r"^(\S+): Creation complete after .* \[id=(\d+)\]", output, re.M):
        if identity not in ours:
            raise Failure("%s (%s) was said to be complete and is not in the state" % (address, identity))
    announced = {planned.get("label") for action, _, planned in state.intents if action == "create"}
    announced_deletes = {address for action, address, _ in state.intents if action == "delete"}
    for identity, label in api.items():
        if identity not in ours and label not in announced:
            raise Failure("token %s (%s) at the API is nobody's" % (identity, label))
    for identity, (address, _) in ours.items():
        if identity not in api and address not in announced_deletes:
            raise Failure("%s (%s) is in the state and not at the API" % (address, identity))
    return state


def check_converges(tkn, directory):
    for applies in range(TO_CONVERGE + 1):
        code, output = tkn.plan()
        if code == 0:
            break
        if code != 2:
            raise Failure("plan ends with %s:\n%s" % (code, output[-3000:]))
        code, output = tkn.apply()
        if code != 0:
            raise Failure("apply ends with %s:\n%s" % (code, output[-3000:]))
    else:
        raise Failure("after %d applies a plan still has something to do:\n%s" % (TO_CONVERGE, output[-3000:]))
    state = State(os.path.join(directory, "tkn.db"))
    api = tokens_at_api()
    wanted = sorted("kill-%d" % i for i in range(TOKENS))
    if sorted(api.values()) != wanted:
        raise Failure("at the API there are %s" % sorted(api.values()))
    if set(api) != set(state.tokens()) or state.intents or state.tainted():
        raise Failure("the state has %s, the API %s; intents %s; tainted %s" %
                      (sorted(state.tokens()), sorted(api), state.intents, state.tainted()))
    return applies


def play(program, seed, duration):
    """One round; how often it killed, and what became of it."""
    chance = random.Random(seed)
    control("DELETE", "/_sim")
    # Where an answer is under way is where things get lost: make that take a while, on both sides of the deed.
    for when in ("before", "after"):
        control("POST", "/_sim/faults", {"method": "POST", "path": "/profile/tokens", "when": when,
                                         "latency_ms": chance.choice([0, 5, 20])})
    directory = tempfile.mkdtemp(prefix="tkn-kill-")
    try:
        with open(os.path.join(directory, "main.tf"), "w") as out:
            out.write(CONFIG)
        tkn = Tkn(program, directory)
        kills, intents, adopted = 0, 0, 0
        for _ in range(chance.choice([1, 1, 1, 2, 3])):
            code, output = tkn.apply(kill_after=chance.uniform(0.0, duration))
            if code is None:
                kills += 1
            elif code != 0:
                raise Failure("apply ends with %s:\n%s" % (code, output[-3000:]))
            state = check_after_kill(directory, output)
            intents += len(state.intents)
            adopted += len(state.tainted())
        applies = check_converges(tkn, directory)
        return kills, intents, applies
    except Failure:
        kept = directory + "-failed"
        shutil.copytree(directory, kept)
        print("what is left: %s" % kept, file=sys.stderr)
        raise
    finally:
        shutil.rmtree(directory)


def measure(program):
    """How long an apply takes with the longest of the latencies, so that kills fall into all of it."""
    control("DELETE", "/_sim")
    control("POST", "/_sim/faults", {"method": "POST", "path": "/profile/tokens", "latency_ms": 20})
    with tempfile.TemporaryDirectory(prefix="tkn-kill-") as directory:
        with open(os.path.join(directory, "main.tf"), "w") as out:
            out.write(CONFIG)
        start = time.monotonic()
        code, output = Tkn(program, directory).apply()
        if code != 0:
            raise Failure("an apply that nobody disturbs ends with %s:\n%s" % (code, output))
        return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tkn", required=True)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="a single round, of this number")
    arguments = parser.parse_args()
    program = os.path.realpath(arguments.tkn)
    duration = measure(program) * 1.1
    kills = intents = most = played = 0
    number = arguments.only if arguments.only is not None else 0
    while kills < arguments.kills:
        try:
            more, open_intents, applies = play(program, arguments.seed * 1_000_003 + number, duration)
        except Failure as failure:
            print("FAIL round %d (--seed %d --only %d), after %d kills: %s" %
                  (number, arguments.seed, number, kills, failure))
            return 1
        kills, intents, most, played = kills + more, intents + open_intents, max(most, applies), played + 1
        number += 1
        if arguments.only is not None:
            break
        if played > 20 * arguments.kills:
            print("FAIL the kills come too late: %d in %d rounds" % (kills, played))
            return 1
    print("%d kills in %d rounds: nothing orphaned, doubled or corrupt; %d intents were open after them, "
          "%d applies at most until nothing was left to do" % (kills, played, intents, most))
    return 0


if __name__ == "__main__":
    sys.exit(main())
