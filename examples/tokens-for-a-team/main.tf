# A token for everybody in a team, each with what the job needs and no more.

variable "team" {
  description = "Who gets a token, and for what."
  type        = map(object({ scopes = set(string), expiry = optional(string) }))
  default = {
    alice = { scopes = ["linodes:read_write", "domains:read_only"] }
    bob   = { scopes = ["linodes:read_only"], expiry = "2030-06-30T00:00:00Z" }
    ci    = { scopes = ["images:read_only", "linodes:read_write"] }
  }
}

resource "linode_token" "member" {
  for_each = var.team

  label  = "team-${each.key}"
  scopes = join(" ", each.value.scopes)
  expiry = each.value.expiry
}

output "ids" {
  value = { for name, token in linode_token.member : name => token.id }
}

output "secrets" {
  description = "tkn output -json secrets"
  value       = { for name, token in linode_token.member : name => token.token }
  sensitive   = true
}
