#!/usr/bin/env python3
"""What `dueprocess serve` holds: thousands of kept connections with their memory, and an upload of the largest file and of one byte more.

    tests/bench/serve_limits.py [--binary build/release/harness/main/dueprocess] [--connections 10000] [--file-bytes 5000000000]

The connections are opened, then each has a request on it, twice; none may be closed by the service. The file's bytes are really sent,
in pieces: the largest is taken (201), one byte more is refused (413), by its declared length before any of it is read. Prints the
service's resident memory at each step. 0 for --file-bytes leaves the uploads out. Exit code 1: not so.
"""
import argparse
import json
import resource
import socket
import subprocess
import sys
import time

PIECE = bytes(range(256)) * 4096
BOUND = 600  # seconds for an answer


class Service:
    def __init__(self, binary, connections):
        self.process = subprocess.Popen([binary, "serve", "--listen", "127.0.0.1:0", "--password-rounds", "1", "--connections",
                                         str(connections + 16), "-q"], stdout=subprocess.PIPE, text=True)
        host, port = self.process.stdout.readline().split("//")[-1].strip().split(":")
        self.address = (host, int(port))

    def resident(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def answer_of(one):
    """(status, body) of an answer with a length."""
    text = b""
    while b"\r\n\r\n" not in text:
        more = one.recv(65536)
        if not more:
            raise SystemExit("serve_limits: the service closed a connection")
        text += more
    head, body = text.split(b"\r\n\r\n", 1)
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        more = one.recv(65536)
        if not more:
            raise SystemExit("serve_limits: the service broke an answer off")
        body += more
    return int(head.split()[1]), body


def ask(one, method, path, body=None, token=None):
    text = json.dumps(body).encode() if body is not None else b""
    fields = f"Authorization: Bearer {token}\r\n" if token else ""
    one.sendall(f"{method} {path} HTTP/1.1\r\nHost: x\r\n{fields}Content-Length: {len(text)}\r\n\r\n".encode() + text)
    status, said = answer_of(one)
    return status, json.loads(said) if said.startswith(b"{") else {}


def connections(service, count):
    before = service.resident()
    kept = [socket.create_connection(service.address, timeout=BOUND) for _ in range(count)]
    for one in kept[-1:]:
        ask(one, "GET", "/healthz")  # the last is taken, so all are
    idle = service.resident()
    for _ in range(2):
        for one in kept:
            if ask(one, "GET", "/healthz")[0] != 200:
                raise SystemExit("serve_limits: a kept connection was not served")
    used = service.resident()
    print(f"{count} kept connections: {(idle - before) / count:.0f} bytes each of resident memory when idle, "
          f"{(used - before) / count:.0f} after two requests on each ({before / 1e6:.1f}, {idle / 1e6:.1f}, {used / 1e6:.1f} MB)")
    for one in kept:
        one.close()


def upload(service, path, token, size):
    """(status, bytes sent, seconds); stops sending once the service has answered."""
    one = socket.create_connection(service.address, timeout=BOUND)
    began, sent = time.monotonic(), 0
    one.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: {size}\r\n\r\n".encode())
    one.setblocking(True)
    try:
        while sent < size:
            one.sendall(PIECE[:min(len(PIECE), size - sent)])
            sent += min(len(PIECE), size - sent)
    except (BrokenPipeError, ConnectionResetError):
        pass  # refused: it does not read on. The answer is there
    status, _ = answer_of(one)
    one.close()
    return status, sent, time.monotonic() - began


def uploads(service, size):
    one = socket.create_connection(service.address, timeout=BOUND)
    tokens = [ask(one, "POST", "/v1/login", {"user": user, "password": "secret"})[1]["token"] for user in ("u1", "u2")]
    order = ask(one, "POST", "/v1/orders", {"seller": "u2", "due_at": "2099-01-01T00:00:00Z", "price_cents": 5000}, tokens[0])[1]["order"]["id"]
    well = True
    for bytes_, expected in ((size, 201), (size + 1, 413)):
        before = service.resident()
        status, sent, seconds = upload(service, f"/v1/orders/{order}/attachments?name=f", tokens[1], bytes_)
        print(f"{bytes_} bytes: {status}, {sent} sent in {seconds:.1f} s; {before / 1e6:.1f} MB before, {service.resident() / 1e6:.1f} MB after")
        well = well and status == expected
    return well


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="build/release/harness/main/dueprocess")
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--file-bytes", type=int, default=5_000_000_000, help="the service's largest file; 0: no uploads")
    args = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with Service(args.binary, args.connections) as service:
        connections(service, args.connections)
        return 0 if args.file_bytes == 0 or uploads(service, args.file_bytes) else 1


if __name__ == "__main__":
    sys.exit(main())
