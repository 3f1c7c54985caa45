#!/usr/bin/env python3
"""Kills tkn with SIGKILL at each call that writes, syncs, sends or receives, and looks at what is left.

    tests/kill/run.sh [BUILD_DIR] --calls [--kills N] [--seed N] [--scenario NAME] [--at K --when WHEN]

A round prepares a directory and the simulated API, runs one command that is killed at its Kth call (before it, half way
through it, after it), and then:

  - the database passes PRAGMA integrity_check and foreign_key_check;
  - what was said to be complete is in the state (or, for a destruction, is not);
  - every token at the API is in the state, or an open intent names it, or somebody else made it;
  - plan works, and proposes no second copy: every token that is ours is in the state then;
  - the command, repeated, ends with nothing left to do, and exactly the wanted tokens are there.

Without --at, kills are spread evenly over all calls of all scenarios, and those of one scenario over its calls.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from database import Failure, State

ATTEMPTS = 4  # of the command, after the kill, until there is nothing left to do


PROVIDER = 'provider "linode" {\n  min_retry_delay_ms = 50\n}\n'


def tokens(prefix, count, scopes="linodes:read_only", lifecycle="", name="t"):
    return """
resource "linode_token" "%s" {
  count  = %d
  label  = "%s-${count.index}"
  scopes = "%s"
  expiry = "2030-01-01T00:00:00Z"
%s}
""" % (name, count, prefix, scopes, lifecycle)


FIRST = '  lifecycle {\n    create_before_destroy = true\n  }\n'
PROVISIONED = """
resource "terraform_data" "p" {
  count = 2
  input = linode_token.t[count.index].id
  provisioner "local-exec" {
    command = "echo ${self.input} >>made"
  }
}
output "ids" { value = linode_token.t[*].id }
"""


class World:
    """A simulator and a directory of its own, and tkn in it."""

    def __init__(self, program, preload, url, directory):
        self.program, self.preload, self.url, self.directory = program, preload, url, directory
        self.database = os.path.join(directory, "tkn.db")
        self.wanted = []  # labels at the end
        self.foreign = set()  # ids that the run did not make

    def control(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data=data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def reset(self):
        for name in os.listdir(self.directory):
            path = os.path.join(self.directory, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
        self.control("DELETE", "/_sim")
        self.foreign = set()

    def write(self, text, name="main.tf"):
        with open(os.path.join(self.directory, name), "w") as out:
            out.write(text)

    def configure(self, text):
        self.write(PROVIDER + text)

    def api(self):
        """id -> label of tokens; the one in use has another label."""
        found = self.control("GET", "/_sim/objects?path=/profile/tokens")
        if isinstance(found, dict):
            found = found.get("data", found.get("objects"))
        return {str(token["id"]): token["label"] for token in found if token["label"].startswith("kill-")}

    def make_token(self, label):
        made = self.control("POST", "/_sim/objects",
                            {"path": "/profile/tokens", "body": {"label": label, "scopes": "linodes:read_only",
                                                                 "expiry": "2030-01-01T00:00:00"}})
        identity = str(made["id"])
        self.foreign.add(identity)
        return identity

    def tkn(self, *arguments, die_at=0, when="before", count=None):
        """(exit code, output); the code is -9 when it was killed."""
        env = {**os.environ, "LINODE_URL": self.url, "NO_COLOR": "1", "TF_IN_AUTOMATION": "1"}
        if die_at or count:
            env.update(LD_PRELOAD=self.preload, TKN_DIE_AT=str(die_at), TKN_DIE_WHEN=when)
        if count:
            env["TKN_DIE_COUNT"] = count
        done = subprocess.run([self.program, *arguments], cwd=self.directory, env=env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=180)
        if done.returncode < 0 and not die_at:
            raise Failure("tkn %s died of signal %d:\n%s" % (" ".join(arguments), -done.returncode, done.stdout[-3000:]))
        return done.returncode, done.stdout

    def must(self, *arguments):
        code, output = self.tkn(*arguments)
        if code != 0:
            raise Failure("tkn %s ends with %d:\n%s" % (" ".join(arguments), code, output[-3000:]))
        return output

    def apply(self):
        return self.must("apply", "-auto-approve", "-input=false")

    def state(self):
        return State(self.database)


# --- scenarios: `prepare`, then `command`, which is killed; `again` repeats it until plan has nothing to do

APPLY = ["apply", "-auto-approve", "-input=false"]


class Scenario:
    command = APPLY
    wanted = ["kill-0", "kill-1", "kill-2"]

    def prepare(self, world):
        raise NotImplementedError

    def again(self, world, state):
        world.apply()

    def check(self, world, state):
        """Right after the kill: that what was done is whole, or not done at all."""

    def finish(self, world):
        """When nothing is left to do."""

    def complete(self, world, state):
        """Adds to `state` what does not lie in the database yet."""


class Create(Scenario):
    def prepare(self, world):
        world.configure(tokens("kill", 3))


class SavedPlan(Create):
    command = ["apply", "-input=false", "saved"]

    def prepare(self, world):
        super().prepare(world)
        world.must("plan", "-input=false", "-out=saved")


class Update(Scenario):
    wanted = ["kill-new-0", "kill-new-1", "kill-new-2"]

    def prepare(self, world):
        world.configure(tokens("kill-old", 3))
        world.apply()
        world.configure(tokens("kill-new", 3))


class Replace(Scenario):
    lifecycle = ""

    def prepare(self, world):
        world.configure(tokens("kill", 3, lifecycle=self.lifecycle))
        world.apply()
        world.configure(tokens("kill", 3, scopes="domains:read_only", lifecycle=self.lifecycle))


class ReplaceCreateFirst(Replace):
    lifecycle = FIRST


USERS = """
# Changed in place, and the state says what it holds.
resource "terraform_data" "holds" {
  count = 3
  input = linode_token.t[count.index].id
}
# Replaced, and somebody outside is told what to use from now on.
resource "terraform_data" "tells" {
  count            = 3
  triggers_replace = [linode_token.t[count.index].id]
  provisioner "local-exec" {
    command = "echo ${linode_token.t[count.index].id} >told.new-${count.index} && mv told.new-${count.index} told-${count.index}"
  }
}
"""
RULE = """
provider "linode" {
  min_retry_delay_ms  = 50
  token_lifetime      = "%s"
  token_rotate_before = "%s"
}
resource "linode_token" "t" {
  count  = 3
  label  = "kill-${count.index}"
  scopes = "linodes:read_only"
}
"""


class Rotate(Scenario):
    """Each token ends soon, so it is replaced; at no moment does anybody hold a token that was revoked."""

    def prepare(self, world):
        world.write(RULE % ("10d", "1d") + USERS)
        world.apply()
        self.old = set(world.api())
        self.check(world, world.state())
        world.write(RULE % ("90d", "14d") + USERS)

    def check(self, world, state):
        alive = set(world.api())
        for (address, _), (_, attributes) in state.objects.items():
            if not address.startswith("terraform_data.holds["):
                continue
            held = attributes["output"]
            held = held["value"] if isinstance(held, dict) else held
            if held not in alive:
                raise Failure("%s holds %s, which was revoked" % (address, held))
        for i in range(3):
            with open(os.path.join(world.directory, "told-%d" % i)) as told:
                identity = told.read().strip()
            if identity not in alive:
                raise Failure("who uses the token %d was told of %s, which was revoked" % (i, identity))

    def again(self, world, state):
        world.apply()
        self.check(world, world.state())

    def finish(self, world):
        left = self.old & set(world.api())
        if left:
            raise Failure("these were to be rotated and are still there: %s" % left)


class RotateOnRequest(Rotate):
    command = APPLY + ["-rotate=linode_token.t[%d]" % i for i in range(3)]

    def prepare(self, world):
        world.configure(tokens("kill", 3) + USERS)
        world.apply()
        self.check(world, world.state())

    def finish(self, world):
        pass  # killed before it began, nothing asks for it any more


class Delete(Scenario):
    wanted = ["kill-0"]

    def prepare(self, world):
        world.configure(tokens("kill", 4))
        world.apply()
        world.configure(tokens("kill", 1))


class Destroy(Scenario):
    command = ["destroy", "-auto-approve", "-input=false"]
    wanted = []

    def prepare(self, world):
        world.configure(tokens("kill", 3) + PROVISIONED)
        world.apply()

    def again(self, world, state):
        world.must(*self.command)
        world.configure("")


class Provision(Scenario):
    def prepare(self, world):
        world.configure(tokens("kill", 3) + PROVISIONED)


class ImportBlock(Scenario):
    def prepare(self, world):
        blocks = ""
        for i in range(3):
            identity = world.make_token("kill-%d" % i)
            blocks += 'import {\n  to = linode_token.t[%d]\n  id = "%s"\n}\n' % (i, identity)
        world.configure(tokens("kill", 3) + blocks)


class ImportCommand(Scenario):
    wanted = ["kill-0"]

    def prepare(self, world):
        self.identity = world.make_token("kill-0")
        self.command = ["import", "linode_token.t[0]", self.identity]
        world.configure(tokens("kill", 1))

    def again(self, world, state):
        if self.identity not in state.tokens():
            world.must(*self.command)
        else:
            world.apply()


class Move(Scenario):
    command = ["state", "mv", "linode_token.t", "linode_token.u"]

    def prepare(self, world):
        world.configure(tokens("kill", 3))
        world.apply()
        world.configure(tokens("kill", 3, name="u"))

    def check(self, world, state):
        names = {address.split("[")[0] for address, _ in state.tokens().values()}
        if len(names) != 1:
            raise Failure("half of the objects were moved: %s" % names)

    def again(self, world, state):
        if any(address.startswith("linode_token.t[") for address, _ in state.tokens().values()):
            world.must(*self.command)


class Push(Scenario):
    """One of the objects is taken out of the state and pushed."""
    command = ["state", "push", "pushed.tfstate"]

    def prepare(self, world):
        world.configure(tokens("kill", 3))
        world.apply()
        document = json.loads(world.must("state", "pull"))
        document["serial"] += 1
        self.serials = (document["serial"] - 1, document["serial"])
        for resource in document["resources"]:
            for instance in resource["instances"]:
                instance["status"] = "tainted"
        world.write(json.dumps(document), "pushed.tfstate")

    def check(self, world, state):
        statuses = {status for status, _ in state.objects.values()}
        if (state.serial, statuses) not in ((self.serials[0], {"ready"}), (self.serials[1], {"tainted"})):
            raise Failure("half of a state was pushed: serial %d, %s" % (state.serial, statuses))

    def again(self, world, state):
        world.apply()


class Rollback(Scenario):
    command = ["state", "rollback", "-auto-approve", "2"]

    def prepare(self, world):
        world.configure(tokens("kill", 3))
        world.apply()
        for i in range(3):
            world.must("taint", "linode_token.t[%d]" % i)
        # Serial 1: all made; 2 to 4: one more is tainted with each.

    def check(self, world, state):
        tainted = state.tainted()
        if (state.serial, len(tainted)) not in ((4, 3), (5, 1)):
            raise Failure("half of a rollback: serial %d, tainted %s" % (state.serial, tainted))


class Restore(Scenario):
    command = ["state", "restore", "-auto-approve", "kept.db"]

    def prepare(self, world):
        world.configure(tokens("kill", 3))
        world.apply()
        world.must("state", "backup", "kept.db")
        for i in range(3):
            world.must("taint", "linode_token.t[%d]" % i)

    def check(self, world, state):
        tainted = state.tainted()
        if (state.serial, len(tainted)) not in ((4, 3), (5, 0)):
            raise Failure("half of a restore: serial %d, tainted %s" % (state.serial, tainted))


class Takeover(Scenario):
    """The first change in a directory that has a terraform.tfstate."""

    def prepare(self, world):
        world.configure(tokens("kill", 2))
        world.apply()
        state = world.must("state", "pull")
        os.remove(world.database)
        world.write(state, "terraform.tfstate")
        world.configure(tokens("kill", 3))

    def complete(self, world, state):
        # Until the database appears the file is the state.
        if state.serial == 0 and not state.intents:
            with open(os.path.join(world.directory, "terraform.tfstate")) as file:
                document = json.load(file)
            for resource in document["resources"]:
                for instance in resource["instances"]:
                    address = "linode_token.t[%d]" % instance["index_key"]
                    state.objects[(address, None)] = ("ready", instance["attributes"])


SCENARIOS = {
    "create": Create, "saved-plan": SavedPlan, "update": Update, "replace": Replace, "replace-create-first": ReplaceCreateFirst,
    "rotate": Rotate, "rotate-on-request": RotateOnRequest,
    "delete": Delete, "destroy": Destroy, "provisioners": Provision, "import-block": ImportBlock,
    "import-command": ImportCommand, "state-mv": Move, "state-push": Push, "state-rollback": Rollback,
    "state-restore": Restore, "takeover": Takeover,
}


def check_after_kill(world, scenario, output):
    state = world.state()
    scenario.complete(world, state)
    scenario.check(world, state)
    api = world.api()
    ours = state.tokens()
    for address, identity in re.findall(r"^(linode_token\S+): (?:Creation|Modifications) complete after .* \[id=(\d+)\]",
                                        output, re.M):
        if identity not in ours:
            raise Failure("%s (%s) was said to be complete and is not in the state" % (address, identity))
        label = state.objects[ours[identity]][1]["label"]
        if identity in api and label != api[identity]:
            raise Failure("%s was said to be complete, and the state has label %s" % (address, label))
    destroying = dict(re.findall(r"^(linode_token\S+)(?: \(deposed object \w+\))?: Destroying\.\.\. \[id=(\d+)\]", output, re.M))
    for address in re.findall(r"^(linode_token\S+): Destruction complete after", output, re.M):
        if destroying.get(address) in ours:
            raise Failure("%s was said to be destroyed and is in the state" % address)
    announced = {planned.get("label") for action, _, planned in state.intents if action == "create"}
    announced_deletes = {address for action, address, _ in state.intents if action == "delete"}
    for identity, label in api.items():
        if identity not in ours and label not in announced and identity not in world.foreign:
            raise Failure("token %s (%s) at the API is nobody's" % (identity, label))
    for identity, (address, _) in ours.items():
        if identity not in api and address not in announced_deletes:
            raise Failure("%s (%s) is in the state and not at the API" % (address, identity))


def check_converges(world, scenario):
    for attempt in range(ATTEMPTS + 1):
        code, output = world.tkn("plan", "-input=false", "-detailed-exitcode")
        if code not in (0, 2):
            raise Failure("plan ends with %s:\n%s" % (code, output[-3000:]))
        state = world.state()
        scenario.complete(world, state)
        lost = set(world.api()) - set(state.tokens()) - world.foreign
        if lost:
            raise Failure("after a plan %s are at the API and not in the state:\n%s" % (lost, output[-3000:]))
        done = code == 0 and not (scenario.wanted == [] and state.objects)
        if done:
            break
        if attempt == ATTEMPTS:
            raise Failure("after %d attempts there is still something to do:\n%s" % (attempt, output[-3000:]))
        scenario.again(world, state)
    scenario.finish(world)
    api = world.api()
    if sorted(api.values()) != sorted(scenario.wanted):
        raise Failure("at the API there are %s, and wanted are %s" % (sorted(api.values()), scenario.wanted))
    tainted = state.tainted()
    if set(api) != set(state.tokens()) or state.intents or tainted:
        raise Failure("the state has %s, the API %s; intents %s; tainted %s" %
                      (sorted(state.tokens()), sorted(api), state.intents, tainted))


def count_calls(world, make):
    world.reset()
    scenario = make()
    scenario.prepare(world)
    file = os.path.join(world.directory, "calls")
    code, output = world.tkn(*scenario.command, count=file)
    if code != 0:
        raise Failure("undisturbed, tkn %s ends with %d:\n%s" % (" ".join(scenario.command), code, output[-3000:]))
    with open(file) as text:
        return int(text.read())


def play(world, make, at, when):
    """Whether the kill came before the end, and the calls of the command were that many."""
    world.reset()
    scenario = make()
    scenario.prepare(world)
    code, output = world.tkn(*scenario.command, die_at=at, when=when)
    if code not in (0, -9):
        raise Failure("tkn %s ends with %d:\n%s" % (" ".join(scenario.command), code, output[-3000:]))
    check_after_kill(world, scenario, output)
    check_converges(world, scenario)
    return code == -9


class Simulator:
    def __init__(self, program):
        self.directory = tempfile.mkdtemp(prefix="tkn-kill-sim-")
        port_file = os.path.join(self.directory, "port")
        self.process = subprocess.Popen([program, "--port-file", port_file, "--token", os.environ["LINODE_TOKEN"]],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        waited = threading.Event()
        while not (os.path.exists(port_file) and os.path.getsize(port_file)):
            if self.process.poll() is not None:
                raise Failure("the simulator does not start")
            waited.wait(0.02)
        with open(port_file) as text:
            self.url = "http://127.0.0.1:" + text.read().strip()

    def stop(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.directory)


def worker(arguments, rounds, lock, results):
    """Plays rounds from the list until it is empty or one of them fails."""
    simulator = Simulator(arguments.sim)
    directory = tempfile.mkdtemp(prefix="tkn-kill-")
    world = World(arguments.tkn, arguments.preload, simulator.url, directory)
    try:
        while True:
            with lock:
                if not rounds or results["failed"]:
                    return
                name, at, when = rounds.pop()
            try:
                killed = play(world, SCENARIOS[name], at, when)
            except (Failure, subprocess.TimeoutExpired) as failure:
                with lock:
                    kept = "%s-failed" % directory
                    shutil.copytree(directory, kept, dirs_exist_ok=True)
                    results["failed"].append("FAIL %s, at call %d, %s it (--scenario %s --at %d --when %s): %s\n"
                                             "what is left: %s" % (name, at, when, name, at, when, failure, kept))
                return
            with lock:
                results["kills"] += killed
                results["rounds"] += 1
                if arguments.verbose and results["rounds"] % 100 == 0:
                    print("%d kills in %d rounds" % (results["kills"], results["rounds"]), flush=True)
    finally:
        simulator.stop()
        shutil.rmtree(directory)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tkn", required=True)
    parser.add_argument("--sim", required=True)
    parser.add_argument("--preload", required=True)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    parser.add_argument("--scenario", choices=sorted(SCENARIOS))
    parser.add_argument("--at", type=int)
    parser.add_argument("--when", choices=("before", "half", "after"), default="before")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    arguments.tkn, arguments.sim = os.path.realpath(arguments.tkn), os.path.realpath(arguments.sim)
    arguments.preload = os.path.realpath(arguments.preload)
    names = [arguments.scenario] if arguments.scenario else list(SCENARIOS)
    chance = random.Random(arguments.seed)
    calls = {}
    if arguments.at is None:
        simulator = Simulator(arguments.sim)
        with tempfile.TemporaryDirectory(prefix="tkn-kill-") as directory:
            world = World(arguments.tkn, arguments.preload, simulator.url, directory)
            try:
                calls = {name: count_calls(world, SCENARIOS[name]) for name in names}
            finally:
                simulator.stop()
        points = [(name, at, when) for name in names for at in range(1, calls[name] + 1)
                  for when in ("before", "half", "after")]
        rounds = []
        while len(rounds) < arguments.kills:
            rounds += chance.sample(points, min(len(points), arguments.kills - len(rounds)))
    else:
        rounds = [(name, arguments.at, arguments.when) for name in names]
        points = rounds
    results = {"kills": 0, "rounds": 0, "failed": []}
    lock = threading.Lock()
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for job in [pool.submit(worker, arguments, rounds, lock, results) for _ in range(arguments.jobs)]:
            job.result()
    for failure in results["failed"]:
        print(failure)
    print("calls: %s" % ", ".join("%s %d" % item for item in calls.items()))
    print("%d kills in %d rounds, of %d points: %s" %
          (results["kills"], results["rounds"], len(points),
           "stopped by the failure above" if results["failed"] else "nothing lost, doubled or corrupt"))
    return 1 if results["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
