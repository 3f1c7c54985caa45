#!/usr/bin/env bash
# The graph of resources and those of operations in both formats, from the sources and from a saved plan; what follows a plan.
#   graph.sh TKN
set -uo pipefail
source "$(dirname "$0")/expect.sh"

fresh <<'TF'
resource "terraform_data" "a" {}
resource "terraform_data" "b" {
  input = terraform_data.a.id
}
resource "terraform_data" "c" {
  input = [terraform_data.a.id, terraform_data.b.id]
}
module "end" {
  source = "./end"
  of     = terraform_data.c.id
}
TF
mkdir end
cat >end/main.tf <<'TF'
variable "of" {}
resource "terraform_data" "last" {
  input = var.of
}
TF
expect "dot" 0 '^digraph G' '"terraform_data.b" -> "terraform_data.a";' '"terraform_data.c" -> "terraform_data.b";' \
  'subgraph "cluster_module.end"' '"module.end.terraform_data.last" -> "terraform_data.c";' -- "$tkn" graph
expect "an arrow that follows from others is left out" 1 -- \
  bash -c "'$tkn' graph | grep -F '\"terraform_data.c\" -> \"terraform_data.a\"'"

cat >mermaid.expected <<'OUT'
flowchart RL
  r0["terraform_data.a"]
  r1["terraform_data.b"]
  r2["terraform_data.c"]
  subgraph m0["module.end"]
    r3["terraform_data.last"]
  end
  r1 --> r0
  r2 --> r1
  r3 --> r2
OUT
"$tkn" graph -format=mermaid >mermaid.actual
expect "mermaid" 0 -- diff mermaid.expected mermaid.actual
expect "another format" 1 'Unsupported graph format' 'dot or mermaid' -- "$tkn" graph -format=svg
expect "another type" 1 'Unsupported graph type' -- "$tkn" graph -type=state

expect "what comes next is said" 0 'To perform exactly these actions' 'tkn apply "p"' -- "$tkn" plan -out=p
"$tkn" graph -type=plan >plan.actual
cat >plan.expected <<'OUT'
digraph {
	compound = "true"
	newrank = "true"
	subgraph "root" {
		"[root] module.end.terraform_data.last (expand)" [label = "module.end.terraform_data.last", shape = "box"]
		"[root] provider[\"terraform.io/builtin/terraform\"]" [label = "provider[\"terraform.io/builtin/terraform\"]", shape = "diamond"]
		"[root] terraform_data.a (expand)" [label = "terraform_data.a", shape = "box"]
		"[root] terraform_data.b (expand)" [label = "terraform_data.b", shape = "box"]
		"[root] terraform_data.c (expand)" [label = "terraform_data.c", shape = "box"]
		"[root] module.end (close)" -> "[root] module.end.terraform_data.last (expand)"
		"[root] module.end.terraform_data.last (expand)" -> "[root] module.end.var.of (expand)"
		"[root] module.end.var.of (expand)" -> "[root] module.end (expand)"
		"[root] module.end.var.of (expand)" -> "[root] terraform_data.c (expand)"
		"[root] provider[\"terraform.io/builtin/terraform\"] (close)" -> "[root] module.end.terraform_data.last (expand)"
		"[root] root" -> "[root] module.end (close)"
		"[root] root" -> "[root] provider[\"terraform.io/builtin/terraform\"] (close)"
		"[root] terraform_data.a (expand)" -> "[root] provider[\"terraform.io/builtin/terraform\"]"
		"[root] terraform_data.b (expand)" -> "[root] terraform_data.a (expand)"
		"[root] terraform_data.c (expand)" -> "[root] terraform_data.b (expand)"
	}
}
OUT
expect "everything that planning goes through" 0 -- diff plan.expected plan.actual
expect "nothing is there to destroy" 1 -- bash -c '"$0" graph -type=plan-destroy | grep terraform_data' "$tkn"
expect "in Mermaid" 0 '^flowchart RL' 'n[0-9]+\{"provider\[#quot;terraform.io' '\["terraform_data.a \(expand\)"\]' \
  'n[0-9]+ --> n[0-9]+' -- "$tkn" graph -type=apply -format=mermaid
mv main.tf end ..
expect "a plan needs no sources" 0 '"\[root\] terraform_data.b" -> "\[root\] terraform_data.b \(expand\)"' \
  '"\[root\] terraform_data.b \(expand\)" -> "\[root\] terraform_data.a"' -- "$tkn" graph -plan=p
expect "what the plan would be once more" 0 '"terraform_data.a", shape = "box"' -- "$tkn" graph -plan=p -type=plan
mv ../main.tf ../end .
expect "applied" 0 "4 added" -- "$tkn" apply p
sed -i '/resource "terraform_data" "b"/,/^}/d; s/, terraform_data.b.id//' main.tf
expect "what has no block any more" 0 '"\[root\] terraform_data.b \(orphan\)"' -- "$tkn" graph -type=plan-refresh-only
expect "destroying goes the other way" 0 \
  '"\[root\] terraform_data.a \(destroy\)" -> "\[root\] terraform_data.b \(destroy\)"' -- "$tkn" graph -type=plan-destroy
expect "no plan there" 1 'Error: ' -- "$tkn" graph -plan=nowhere

fresh <<<'resource "terraform_data" "a" {}'
TF_IN_AUTOMATION=1 "$tkn" plan -out=p >log
expect "in automation, the plan ends with its counts" 0 '^Plan: 1 to add' -- tail -1 log
expect "and is saved" 0 '1 added' -- "$tkn" apply p

fresh <<'TF'
resource "terraform_data" "a" {
  input = terraform_data.b.id
}
resource "terraform_data" "b" {
  input = terraform_data.a.id
}
TF
expect "a cycle" 1 'Error: Cycle' -- "$tkn" graph -format=mermaid
finish
