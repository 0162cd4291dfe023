#!/usr/bin/env python3
"""CPU a request of `dueprocess serve` (memory, operations really carried out) beside nginx with a static file of the answer's size.

    serve_against_nginx.py BINARY [ROUNDS] [SECONDS]

Needs nginx and wrk. One thread each, loopback, 64 kept connections, the two measured in turn; what is compared is CPU time of the
server's process (user + system) a request, which other work on the machine disturbs least. Prints each round and the medians.
"""
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def children(pid):
    return [int(p) for p in open(f"/proc/{pid}/task/{pid}/children").read().split()]


def load(url, seconds, script=None):
    command = ["wrk", "-t1", "-c64", f"-d{seconds}s", url] + (["-s", script] if script else [])
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text:
        raise SystemExit(text)
    return int(re.search(r"(\d+) requests in", text).group(1)), float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))


def measured(pid, url, seconds, script=None):
    before = cpu_seconds(pid)
    requests, rate = load(url, seconds, script)
    return (cpu_seconds(pid) - before) / requests * 1e6, rate


class Service:
    def __init__(self, binary, folder):
        self.process = subprocess.Popen([binary, "serve", "--listen", "127.0.0.1:0", "--clock", "virtual", "-q"],
                                        stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1])
        buyer, self.seller = self.login("u1"), self.login("u2")
        self.order = json.loads(self.ask("POST", "/v1/orders", {"seller": "u2", "due_at": "2026-04-01T00:00:00Z", "price_cents": 5000},
                                         buyer))["order"]["id"]
        draft = {"description": "the work as far as it is done, to be finished tomorrow " * 2, "links": ["https://files.example.org/1"]}
        self.answer = self.ask("PUT", f"/v1/orders/{self.order}/draft", draft, self.seller)
        self.draft_script = self.script(folder, "draft", "PUT", f"/v1/orders/{self.order}/draft", draft, self.seller)
        place = {"seller": "u2", "due_at": "2026-04-01T00:00:00.000000Z", "price_cents": 5000}
        self.place_script = self.script(folder, "place", "POST", "/v1/orders", place, buyer)

    def ask(self, method, path, body, token=None):
        one = http.client.HTTPConnection("127.0.0.1", self.port)
        one.request(method, path, json.dumps(body), {"Authorization": "Bearer " + token} if token else {})
        text = one.getresponse().read()
        one.close()
        return text

    def login(self, user):
        return json.loads(self.ask("POST", "/v1/login", {"user": user, "password": "secret"}))["token"]

    @staticmethod
    def script(folder, name, method, path, body, token):
        file = os.path.join(folder, name + ".lua")
        with open(file, "w") as out:
            out.write(f"wrk.method = '{method}'\nwrk.path = '{path}'\nwrk.body = '{json.dumps(body)}'\n"
                      f"wrk.headers['Content-Type'] = 'application/json'\nwrk.headers['Authorization'] = 'Bearer {token}'\n")
        return file


class Nginx:
    def __init__(self, folder, size):
        with open(os.path.join(folder, "answer.json"), "w") as file:
            file.write("x" * size)
        os.chmod(folder, 0o755)
        self.port = int(os.environ.get("NGINX_PORT", "18099"))
        config = os.path.join(folder, "nginx.conf")
        with open(config, "w") as file:
            file.write(f"""worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=10 inactive=1h;
server {{ listen 127.0.0.1:{self.port}; root {folder}; default_type application/json; }} }}
""")
        self.process = subprocess.Popen(["nginx", "-c", config, "-p", folder], stderr=subprocess.DEVNULL)
        time.sleep(1)
        self.worker = children(self.process.pid)[0]
        self.url = f"http://127.0.0.1:{self.port}/answer.json"


def main():
    binary, rounds, seconds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5, int(sys.argv[3]) if len(sys.argv) > 3 else 5
    with tempfile.TemporaryDirectory() as folder:
        service = Service(os.path.abspath(binary), folder)
        nginx = Nginx(folder, len(service.answer))
        try:
            print(f"answers of {len(service.answer)} bytes; CPU us a request (requests/s)")
            figures = {"nginx": [], "draft": [], "place": []}
            for _ in range(rounds):
                for name, pid, url, script in (("nginx", nginx.worker, nginx.url, None),
                                               ("draft", service.process.pid, service.url, service.draft_script),
                                               ("place", service.process.pid, service.url, service.place_script)):
                    figures[name].append(measured(pid, url, seconds, script))
                print("  ".join(f"{name} {values[-1][0]:.2f} ({values[-1][1]:.0f})" for name, values in figures.items()), flush=True)
            median = {name: statistics.median(v[0] for v in values) for name, values in figures.items()}
            print("medians: " + "  ".join(f"{name} {value:.2f} us" for name, value in median.items()))
            for name in ("draft", "place"):
                print(f"requests a CPU second, {name} / nginx: {median['nginx'] / median[name]:.2f}")
        finally:
            nginx.process.terminate()
            service.process.terminate()
            nginx.process.wait()
            service.process.wait()


if __name__ == "__main__":
    main()
