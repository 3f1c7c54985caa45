#!/usr/bin/env python3
"""Times what reads and evaluates the language, on one generated file, with ratios to terraform in the same run.

    tests/bench/run.sh language [--megabytes 20] [--runs 5]

Parse (of a file in memory: MB/s, and bytes of tree for each byte of source), fmt -check, validate, and the
evaluation of a for expression over a million elements.
"""

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from measure import Program, find_terraform, median, row

# What configurations are made of: declarations with text, maps of constants, templates, calls, conditionals, splats,
# for expressions, heredocs, nested objects, comments. `fmt -check` has nothing to change in it.
PART = '''
# Part {i}: a service of the platform and what belongs to it.
variable "service_{i}" {{
  type = object({{
    name     = string
    replicas = optional(number, 2)
    labels   = map(string)
  }})
  description = "What service {i} is called, how often it runs, and how it is labelled in the inventory."
  default = {{
    name   = "service-{i}"
    labels = {{ team = "platform", stage = "production", index = "{i}" }}
  }}

  validation {{
    condition     = length(var.service_{i}.name) > 3 && var.service_{i}.replicas >= 1
    error_message = "Service {i} needs a name of four characters and one replica."
  }}
}}

locals {{
  hosts_{i} = [for n in range(3) : "${{var.service_{i}.name}}-${{n}}.example.org" if n != 1]
  ports_{i} = {{
    http    = 8080 + {i} % 100
    https   = 8443
    metrics = var.service_{i}.replicas > 2 ? 9100 : 9090
  }}
  tags_{i} = merge(var.service_{i}.labels, {{ hosts = join(",", local.hosts_{i}) }})
}}

resource "terraform_data" "service_{i}" {{
  input = {{
    name  = upper(var.service_{i}.name)
    ports = [for name, port in local.ports_{i} : format("%s=%d", name, port)]
    tags  = local.tags_{i}
    unit  = <<-EOT
      [Unit]
      Description=${{var.service_{i}.name}}
      %{{for host in local.hosts_{i}~}}
      Wants=${{host}}
      %{{endfor~}}
      [Service]
      ExecStart=/usr/bin/service --index {i} --labels "${{local.tags_{i}["team"]}}"
    EOT
  }}

  lifecycle {{
    ignore_changes = [input]
  }}
}}

output "service_{i}" {{
  value = [for part in terraform_data.service_{i}[*].input : part]
}}
'''

# The list is made on the way, since range() stops at 1,024 elements, in tkn as in terraform.
FOR = "length([for n in flatten([for i in range(1000) : range(1000)]) : n + 1])\n"


def configuration(megabytes):
    parts, size = [], 0
    while size < megabytes * 1e6:
        parts.append(PART.format(i=len(parts)))
        size += len(parts[-1])
    return "".join(parts).lstrip("\n")


def measure_console(program, directory, runs):
    return median([program.run(["console"], directory, stdin=directory / "expression") for _ in range(runs)])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--tkn", required=True)
    parser.add_argument("--parse-bench", required=True)
    parser.add_argument("--terraform", default="terraform", help='program to compare with, or "none"')
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    tkn, terraform = Program("tkn", args.tkn), find_terraform(args.terraform)
    directory = Path(tempfile.mkdtemp(prefix="bench-language-"))
    try:
        text = configuration(args.megabytes)
        (directory / "main.tf").write_text(text)
        print(f"{len(text) / 1e6:.1f} MB of configuration; medians of {args.runs} runs (terraform: 1); "
              "wall time, CPU time, peak memory")
        print("  parse       ", end="", flush=True)
        subprocess.run([args.parse_bench, directory / "main.tf", str(args.runs)], check=True)
        if terraform:
            terraform.run(["init", "-input=false"], directory)
        for name, argv in (("fmt", ["fmt", "-check"]), ("validate", ["validate"])):
            base = terraform.measure(argv, directory, 1) if terraform else None
            row(name, tkn.measure(argv, directory, args.runs), base)
        (directory / "main.tf").write_text("")
        (directory / "expression").write_text(FOR)
        base = measure_console(terraform, directory, 1) if terraform else None
        row("for, 10^6", measure_console(tkn, directory, args.runs), base)
    finally:
        shutil.rmtree(directory)


if __name__ == "__main__":
    main()
