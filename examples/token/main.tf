# The smallest: one token, and its secret as an output.
#   tkn apply
#   tkn output -raw secret

resource "linode_token" "ci" {
  label  = "ci"
  scopes = "linodes:read_only"
  expiry = "2030-01-01T00:00:00Z"
}

output "secret" {
  description = "Shown by the API only once: it lives in the state from here on."
  value       = linode_token.ci.token
  sensitive   = true
}
