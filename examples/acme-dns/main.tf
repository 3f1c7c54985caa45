# A token that may do nothing but answer DNS challenges, for an ACME client (certbot, lego, acme.sh) that runs somewhere else,
# and the zone that it works in. The client gets the token as LINODE_TOKEN; it writes _acme-challenge records itself.

variable "domain" {
  type    = string
  default = "example.org"
}

variable "email" {
  type    = string
  default = "hostmaster@example.org"
}

resource "linode_domain" "zone" {
  domain    = var.domain
  type      = "master"
  soa_email = var.email
  ttl_sec   = 300
}

# Only this authority may issue certificates.
resource "linode_domain_record" "issuer" {
  domain_id   = linode_domain.zone.id
  record_type = "CAA"
  tag         = "issue"
  target      = "letsencrypt.org"
}

resource "linode_domain_record" "www" {
  domain_id   = linode_domain.zone.id
  record_type = "A"
  name        = "www"
  target      = "192.0.2.80"
}

resource "linode_token" "acme" {
  label  = "acme-${var.domain}"
  scopes = "domains:read_write"
  expiry = timeadd(plantimestamp(), "2160h")

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [expiry] # it counts from the first apply; -rotate makes a new one
  }
}

output "environment" {
  description = "For the ACME client: tkn output -raw environment"
  value       = "LINODE_TOKEN=${linode_token.acme.token}\n"
  sensitive   = true
}
