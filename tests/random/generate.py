"""Random configurations: what a seed gives is always the same.

`generate(seed)` returns two sets of files: a configuration, and one that came of it by edits as people make them
(other values, more and fewer instances, blocks that are gone or renamed). Everything is valid and needs nothing
but terraform_data; what refers to something refers to what was declared before it, so there are no cycles.
"""

import random


class Names:
    """What can be referred to in one module: expressions, and whether something secret is in them."""

    def __init__(self):
        self.public = []
        self.secret = []

    def add(self, expression, secret=False):
        (self.secret if secret else self.public).append(expression)


class Module:
    def __init__(self, generator, depth, path):
        self.g = generator
        self.depth = depth
        self.path = path
        self.names = Names()
        self.numbers = ["2"]  # known before anything is created
        self.blocks = []
        self.variables = []
        self.singles = []  # resources without count and for_each
        self.addresses = []

    # Values and expressions -------------------------------------------------

    def literal(self, depth=0, constant=False):
        r = self.g.shape
        kind = r.randrange(8 if depth < 2 else 5)
        if constant and kind == 4:
            kind = 0
        if kind == 0:
            return self.g.changing(lambda v: '"%s"' % v.choice(["a", "b", "ä–ß", "x y", "", "line\\nbreak", "q\\\"q", "$${x}"]))
        if kind == 1:
            return self.g.changing(lambda v: str(v.choice([0, 1, -7, 3.25, 12345678901234567890, 0.1])))
        if kind == 2:
            return self.g.changing(lambda v: v.choice(["true", "false"]))
        if kind == 3:
            return "null"
        if kind == 4:
            return self.g.changing(lambda v: "jsonencode({ k = %d, l = [1, \"x\"] })" % v.randrange(4))
        if kind == 5:
            return "[" + ", ".join(self.literal(depth + 1, constant) for _ in range(r.randrange(4))) + "]"
        keys = r.sample(["a", "b", "c", "d e"], r.randrange(1, 4))
        return "{ " + ", ".join('"%s" = %s' % (key, self.literal(depth + 1, constant)) for key in keys) + " }"

    def reference(self, secret):
        names = self.names.public + (self.names.secret if secret else [])
        return self.g.shape.choice(names) if names else None

    def expression(self, secret=True, depth=0):
        r = self.g.shape
        name = self.reference(secret)
        kind = r.randrange(10)
        if name is None or kind < 3:
            return self.literal()
        if kind < 5 or depth > 1:
            return name
        inner = self.expression(secret, depth + 1)
        return {
            5: "[%s, %s]" % (name, inner),
            6: "{ one = %s, two = %s }" % (name, inner),
            7: '"<${jsonencode(%s)}>"' % inner,
            8: "jsonencode([%s, %s])" % (inner, name),
            9: "%s ? jsonencode(%s) : jsonencode(%s)" % (self.g.changing(lambda v: v.choice(["true", "false"])), name, inner),
        }[kind]

    # Blocks -------------------------------------------------------------------

    def add_variable(self, index):
        r = self.g.shape
        name = "v%d" % index
        if r.random() < 0.3:
            number = self.g.changing(lambda v: str(v.randrange(4)))
            self.blocks.append('variable "%s" {\n  type    = number\n  default = %s\n}\n' % (name, number))
            self.numbers.append("var." + name)
            self.names.add("var." + name)
        else:
            secret = r.random() < 0.25
            self.blocks.append(
                'variable "%s" {\n  default   = %s\n  sensitive = %s\n}\n' % (name, self.literal(constant=True), "true" if secret else "false")
            )
            self.names.add("var." + name, secret)
        self.variables.append(name)

    def add_local(self, index):
        self.blocks.append("locals {\n  l%d = %s\n}\n" % (index, self.expression(secret=False)))
        self.names.add("local.l%d" % index)

    def add_resource(self, index):
        r = self.g.shape
        name = "r%d" % index
        lines = []
        repetition = r.choice(["", "", "count", "for_each"])
        each = '"x"'
        if repetition == "count":
            lines.append("count = " + r.choice(self.numbers + [self.g.changing(lambda v: str(v.randrange(4)))]))
            each = "count.index"
        elif repetition == "for_each":
            keys = self.g.changing(lambda v: repr(v.sample(["a", "b", "c", "d.e", "ü"], v.randrange(4))))
            pairs = ", ".join('"%s" = %s' % (key, self.literal(1)) for key in eval(keys))  # a list of texts from repr()
            if r.random() < 0.5:
                lines.append("for_each = toset([%s])" % ", ".join('"%s"' % key for key in eval(keys)))
            else:
                lines.append("for_each = { %s }" % pairs)
            each = r.choice(["each.key", "each.value"])
        body = self.expression()
        if r.random() < 0.85:
            lines.append("input = " + ("{ body = %s, each = %s }" % (body, each) if repetition and r.random() < 0.6 else body))
        if r.random() < 0.3:
            lines.append("triggers_replace = " + self.expression())
        if self.addresses and r.random() < 0.2:
            lines.append("depends_on = [%s]" % r.choice(self.addresses))
        lifecycle = []
        if r.random() < 0.25:
            lifecycle.append("create_before_destroy = " + self.g.changing(lambda v: v.choice(["true", "false"])))
        if r.random() < 0.12:
            lifecycle.append("ignore_changes = [%s]" % r.choice(["input", "triggers_replace", "input, triggers_replace"]))
        if self.singles and r.random() < 0.2:
            lifecycle.append("replace_triggered_by = [%s]" % r.choice([self.singles[-1], self.singles[0] + ".output"]))
        if r.random() < 0.15:
            lifecycle.append('postcondition {\n      condition     = self.id != ""\n      error_message = "no id"\n    }')
        if lifecycle:
            lines.append("lifecycle {\n    " + "\n    ".join(lifecycle) + "\n  }")
        used = r.random() < 0.8
        if not used and self.g.edited and self.g.edits.random() < 0.3:
            if self.g.edits.random() < 0.5:
                return  # nothing refers to it: it can go
            self.blocks.append("moved {\n  from = terraform_data.%s\n  to   = terraform_data.%s_new\n}\n" % (name, name))
            name += "_new"
        self.blocks.append('resource "terraform_data" "%s" {\n  %s\n}\n' % (name, "\n  ".join(lines)))
        if not used:
            return
        address = "terraform_data." + name
        self.addresses.append(address)
        # An input may hold something secret, so its results may.
        attribute = r.choice(["output", "id", "input"])
        secret = attribute != "id"
        if repetition == "":
            self.singles.append(address)
            self.names.add("%s.%s" % (address, attribute), secret)
        elif repetition == "count":
            self.names.add("%s[*].%s" % (address, attribute), secret)
            self.names.add("length(%s)" % address)
        else:
            self.names.add("{ for k, v in %s : k => v.%s }" % (address, attribute), secret)
            self.names.add("keys(%s)" % address)

    def add_call(self, index):
        r = self.g.shape
        name = "m%d" % index
        directory = (self.path + "/" if self.path else "") + name
        child = Module(self.g, self.depth + 1, directory)
        child.fill()
        lines = ['source = "./%s"' % name]
        repetition = r.choice(["", "", "count", "for_each"])
        if repetition == "count":
            lines.append("count = " + r.choice(self.numbers + [self.g.changing(lambda v: str(v.randrange(3)))]))
        elif repetition == "for_each":
            lines.append("for_each = toset(%s)" % self.g.changing(lambda v: v.choice(['["a"]', '["a", "b"]', "[]"])))
        for variable in child.variables:
            if "var." + variable not in child.numbers and r.random() < 0.6:
                lines.append("%s = %s" % (variable, self.expression()))
        if self.addresses and r.random() < 0.15:
            lines.append("depends_on = [%s]" % r.choice(self.addresses))
        self.blocks.append('module "%s" {\n  %s\n}\n' % (name, "\n  ".join(lines)))
        self.addresses.append("module." + name)
        reference = {"": "module.%s.out", "count": "module.%s[*].out", "for_each": "values(module.%s)[*].out"}[repetition]
        self.names.add(reference % name, secret=True)

    def fill(self):
        r = self.g.shape
        for index in range(r.randrange(1, 4)):
            self.add_variable(index)
        steps = ["local"] * r.randrange(3) + ["resource"] * r.randrange(1, 5)
        if self.depth < 2:
            steps += ["call"] * r.choice([0, 0, 1, 1, 2] if self.depth == 0 else [0, 0, 0, 1])
        r.shuffle(steps)
        for index, step in enumerate(steps):
            {"local": self.add_local, "resource": self.add_resource, "call": self.add_call}[step](index)
        if self.depth > 0:
            self.blocks.append('output "out" {\n  value     = %s\n  sensitive = true\n}\n' % self.expression())
        else:
            for index in range(r.randrange(3)):
                secret = r.random() < 0.5
                value = self.expression(secret=secret)
                if self.g.edited and self.g.edits.random() < 0.15:
                    continue
                self.blocks.append(
                    'output "o%d" {\n  value     = %s\n  sensitive = %s\n}\n' % (index, value, "true" if secret else "false")
                )
        self.g.files[(self.path + "/" if self.path else "") + "main.tf"] = "\n".join(self.blocks)


class Generator:
    def __init__(self, seed, edited):
        self.shape = random.Random(seed)  # the same for both: what there is
        self.values = random.Random(seed + 1_000_003)  # what it says
        self.edits = random.Random(seed + 2_000_003)
        self.edited = edited
        self.files = {}
        Module(self, 0, "").fill()

    def changing(self, make):
        """A part that an edit may change: made by a random source of its own, so that nothing else depends on it."""
        seed = self.values.randrange(1 << 30)
        if self.edits.random() < 0.25 and self.edited:
            seed += 1
        return make(random.Random(seed))


def generate(seed):
    return Generator(seed, False).files, Generator(seed, True).files


if __name__ == "__main__":
    import sys

    for title, files in zip(("first", "edited"), generate(int(sys.argv[1]))):
        for name, text in sorted(files.items()):
            print("# %s: %s\n%s" % (title, name, text))
