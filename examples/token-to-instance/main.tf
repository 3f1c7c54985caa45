# A token is made, and its secret is written onto an instance, which uses it from there: the example of the linode_token
# documentation, completed with what it leaves out: region, image, a key to log in with, and the connection.

variable "private_key_file" {
  description = "Key to log in with. Its public half lies beside it, in the file of the same name with .pub."
  type        = string
  default     = "~/.ssh/id_ed25519"
}

variable "ssh_port" {
  description = "Where sshd listens."
  type        = number
  default     = 22
}

variable "secret_file" {
  description = "Where the secret goes on the instance."
  type        = string
  default     = "/etc/linode_token"
}

variable "token_label" {
  type    = string
  default = "instance-token"
}

resource "linode_token" "instance" {
  label  = var.token_label
  scopes = "linodes:read_only"
}

resource "linode_instance" "worker" {
  label           = "worker"
  region          = "us-east"
  type            = "g6-nanode-1"
  image           = "linode/debian12"
  authorized_keys = [trimspace(file("${pathexpand(var.private_key_file)}.pub"))]

  connection {
    type        = "ssh"
    user        = "root"
    host        = self.ip_address
    port        = var.ssh_port
    private_key = file(pathexpand(var.private_key_file))
    timeout     = "2m"
  }

  provisioner "remote-exec" {
    inline = [
      "umask 077",
      "printf '%s' '${linode_token.instance.token}' > '${var.secret_file}'",
    ]
  }

  # A new secret needs a machine that knows it.
  lifecycle {
    replace_triggered_by = [linode_token.instance.id]
  }
}

output "instance" {
  value = linode_instance.worker.ip_address
}

output "secret" {
  value     = linode_token.instance.token
  sensitive = true
}
