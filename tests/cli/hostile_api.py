#!/usr/bin/env python3
"""An API that means harm: what it sends is bounded and refused, and the token goes nowhere else.

    hostile_api.py TKN
"""

import os
import re
import resource
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

TOKEN = "the-secret-token-of-this-test"
CONFIG = 'data "linode_profile" "me" {}\noutput "name" { value = data.linode_profile.me.username }\n'
GOOD = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n{"username": "me"}'
MEMORY = 400 << 20  # of the program, in bytes of address space beyond the libraries' own


class Server:
    """Answers every connection with `answer(connection)`, which writes what it likes."""

    def __init__(self, answer, context=None):
        self.answer, self.context, self.requests = answer, context, []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head:
                part = connection.recv(65536)
                if not part:
                    return
                head += part
            self.requests.append(head)
            self.answer(connection)
            connection.close()
        except OSError:
            pass


def send(data):
    return lambda connection: connection.sendall(data)


def huge_body(connection):
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000002\r\n\r\n"')
    for _ in range(1000):
        connection.sendall(b"x" * 1000000)


def chunked_forever(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b"[" * 65536 + b"\r\n")


def endless_headers(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-More: " + b"y" * 1000 + b"\r\n")


def one_header_line(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        connection.sendall(b"y" * 65536)


def drip(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
    while True:
        connection.sendall(b" ")
        time.sleep(0.05)


def nested(connection):
    body = b"[" * 10000 + b"]" * 10000
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def plan(tkn, url, seconds=60, interrupt=None, **environment):
    """exit code, output, seconds, peak memory in bytes"""
    folder = tempfile.mkdtemp()
    try:
        with open(os.path.join(folder, "main.tf"), "w") as file:
            file.write('provider "linode" {\n  min_retry_delay_ms = 10\n  max_retry_delay_ms = 20\n}\n' + CONFIG)
        env = {k: v for k, v in os.environ.items() if not k.startswith(("LINODE_", "TF_"))}
        env |= {"LINODE_URL": url, "LINODE_TOKEN": TOKEN, "NO_COLOR": "1", "HOME": folder, **environment}
        start = time.monotonic()
        process = subprocess.Popen([tkn, "plan", "-input=false"], cwd=folder, env=env,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if interrupt:
            time.sleep(interrupt)
            start = time.monotonic()
            process.terminate()
            time.sleep(0.1)
            process.terminate()
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            return -1, output.decode(errors="replace"), seconds, 0
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        return process.returncode, output.decode(errors="replace"), time.monotonic() - start, peak
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def certificate(folder, name):
    key, cert = os.path.join(folder, name + ".key"), os.path.join(folder, name + ".pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=" + name,
                    "-addext", "subjectAltName=DNS:" + name], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


def main():
    tkn = os.path.abspath(sys.argv[1])
    failures = []
    cases = 0

    def check(name, holds, output=""):
        nonlocal cases
        cases += 1
        if not holds:
            failures.append(name)
            print(f"FAIL {name}\n{output[:2000]}")

    for name, answer in (("1 GB body", huge_body), ("chunks without end", chunked_forever),
                         ("endless headers", endless_headers), ("one endless header line", one_header_line),
                         ("10,000 nested arrays", nested)):
        server = Server(answer)
        code, output, seconds, peak = plan(tkn, f"http://127.0.0.1:{server.port}")
        check(f"{name}: an error", code == 1 and "Error: " in output, output)
        check(f"{name}: soon", seconds < 30, f"{seconds} s")
        check(f"{name}: in bounded memory", peak < MEMORY, f"{peak} bytes")
        check(f"{name}: no secret is shown", TOKEN not in output, output)

    server = Server(drip)
    code, output, seconds, _ = plan(tkn, f"http://127.0.0.1:{server.port}", interrupt=1.0)
    check("slow drip: ends within a second of a signal", code != 0 and seconds < 3, f"{code} {seconds}\n{output}")

    other = Server(send(GOOD))
    for status in ("301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"):
        away = f"HTTP/1.1 {status}\r\nLocation: http://localhost:{other.port}/v4/profile\r\nContent-Length: 0\r\n\r\n"
        server = Server(send(away.encode()))
        code, output, _, _ = plan(tkn, f"http://127.0.0.1:{server.port}")
        check(f"redirect {status[:3]}: an error", code == 1, output)
    check("redirects: the other host hears nothing", not other.requests)

    server = Server(send(GOOD))
    code, output, _, _ = plan(tkn, f"http://127.0.0.1:{server.port}", TF_LOG="debug",
                              LINODE_UA_PREFIX="ours/1", TF_APPEND_USER_AGENT="and/2")
    check("a good answer", code == 0 and '"me"' in output, output)
    check("the log has the request and not the token", "/v4/profile" in output and TOKEN not in output, output)
    head = server.requests[0].decode() if server.requests else ""
    agent = re.search(r"(?i)^user-agent: (.*?)\r?$", head, re.M)
    check("it was told who asks", agent and re.fullmatch(r"ours/1 tkn/[0-9.]+ and/2", agent[1]), head)
    check("the server got the token", f"Authorization: Bearer {TOKEN}" in head, head)

    if shutil.which("openssl"):
        with tempfile.TemporaryDirectory() as folder:
            cert, context = certificate(folder, "localhost")
            server = Server(send(GOOD), context)
            url = f"https://localhost:{server.port}"
            code, output, _, _ = plan(tkn, url)
            check("TLS: an unknown certificate is refused", code == 1 and not server.requests, output)
            code, output, _, _ = plan(tkn, url, LINODE_CA=cert)
            check("TLS: api_ca_path makes it known", code == 0 and '"me"' in output, output)
            stranger, _ = certificate(folder, "stranger")
            code, output, _, _ = plan(tkn, url, LINODE_CA=stranger)
            check("TLS: another CA does not", code == 1, output)
            named, context = certificate(folder, "api.example.org")
            server = Server(send(GOOD), context)
            code, output, _, _ = plan(tkn, f"https://localhost:{server.port}", LINODE_CA=named)
            check("TLS: the name must be the host's", code == 1 and not server.requests, output)

    print(f"{cases - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
