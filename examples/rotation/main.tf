# Tokens that are replaced before they end. Every token without an expiry of its own lives for 90 days; an apply in the last
# 14 of them makes a new one, hands it to whoever uses it, and only then revokes the old one.
#
#   tkn apply                             what is due is rotated; nothing happens before
#   tkn apply -rotate=linode_token.ci     rotates one now, whatever its age

variable "lifetime" {
  type    = string
  default = "90d"
}

variable "rotate_before" {
  type    = string
  default = "14d"
}

provider "linode" {
  token_lifetime      = var.lifetime
  token_rotate_before = var.rotate_before
}

resource "linode_token" "ci" {
  label  = "ci"
  scopes = "linodes:read_only domains:read_write"
}

# Whoever uses the secret: here a program that is told of each new one.
variable "handover" {
  description = "A command that takes the new secret in the environment variable SECRET."
  type        = string
  default     = "true"
}

resource "terraform_data" "consumer" {
  triggers_replace = [linode_token.ci.id]

  provisioner "local-exec" {
    command     = var.handover
    environment = { SECRET = linode_token.ci.token }
  }
}

output "expires" {
  value = linode_token.ci.expiry
}
