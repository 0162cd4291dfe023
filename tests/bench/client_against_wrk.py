#!/usr/bin/env python3
"""What a request costs the client, in CPU time, paired with wrk on the same server.

    tests/bench/client_against_wrk.py [--build build/release] [--rounds 5] [--seconds 4] [--connections 64]

One server on one core (nginx, answering a constant JSON of some 300 bytes), one client on another, in turns:

    wrk          the same request over and over, the answer not looked at
    wrk+lua      a fresh JSON body each, the answer looked at, as a user of wrk would write it
    client       tests/bench/client: distinct requests, fields read out of every answer, every latency recorded

CPU is user + system of the client's process, from its resource usage when it ended. Given are medians over the rounds and the median of
each round's ratio to wrk. Needs wrk and nginx; the exit code is 77 without them. On other machines figures differ, ratios less.
"""
import argparse
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from against_wrk import UNDERSTANDS, measured, print_table, us_by_wrk

ORDER = ('{"now":"2026-03-02T00:00:00.000000Z","order":{"id":"o1234567","state":"in_progress","version":1,"buyer":"u700","seller":"u300",'
         '"price_cents":5000,"due_at":"2026-03-05T12:00:00.000000Z","deadline":null,"completed_at":null,"completed_by":null,"late":false}}')

NGINX = """daemon off; worker_processes 1; pid {dir}/pid; error_log {dir}/error.log;
events {{ worker_connections 20000; }} worker_rlimit_nofile 30000;
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 3600s;
  client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/f; uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  server {{ listen 127.0.0.1:{port} backlog=4096 reuseport; location / {{ default_type application/json; return 200 '{answer}'; }} }}
}}
"""

HEAD = ('wrk.headers["Authorization"] = "Bearer 0123456789abcdef0123456789abcdef"\n'
        'wrk.headers["Content-Type"] = "application/json"\nwrk.method = "POST"\n')
NOTE = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut"
BODY = '{"seller":"u%s","due_at":"2026-03-05T12:00:00.000000Z","price_cents":%s,"note":"' + NOTE + '"}'
CONSTANT = HEAD + f"wrk.headers['Idempotency-Key'] = 'k1000000'\nwrk.body = '{BODY % (1000000, 1000000)}'\n"
FRESH = HEAD + f"""local number = 0
request = function()
  number = number + 1
  wrk.headers["Idempotency-Key"] = "k" .. number
  return wrk.format("POST", "/v1/orders", nil, '{{"seller":"u' .. number .. '","due_at":"2026-03-05T12:00:00.000000Z","price_cents":' .. number ..
    ',"note":"{NOTE}"}}')
end
""" + UNDERSTANDS


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nginx:
    def __init__(self, core):
        self.dir = tempfile.TemporaryDirectory(prefix="dueprocess-bench-")
        self.port = free_port()
        path = pathlib.Path(self.dir.name)
        (path / "conf").write_text(NGINX.format(dir=path, port=self.port, answer=ORDER), encoding="utf-8")
        os.chmod(path, 0o755)
        self.process = subprocess.Popen(["taskset", "-c", str(core), shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(path), "-c", str(path / "conf")],
                                        stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.close()
        raise SystemExit("client_against_wrk: nginx does not start")

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.dir.cleanup()


def us_by_client(driver, port, args, core):
    output, cpu = measured([driver, f"http://127.0.0.1:{port}", str(args.connections), str(args.seconds)], core)
    result = json.loads(output)
    assert result["failed"] == 0 and result["understood"] == 5 * result["requests"], result
    return cpu * 1e6 / result["requests"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--connections", type=int, default=64)
    args = parser.parse_args()
    args.seconds = int(args.seconds) if args.seconds == int(args.seconds) else args.seconds
    missing = [tool for tool in ("wrk", "nginx", "taskset") if not shutil.which(tool) and not pathlib.Path("/usr/sbin", tool).exists()]
    if missing:
        print(f"client_against_wrk: needs {', '.join(missing)}", file=sys.stderr)
        return 77
    cores = sorted(os.sched_getaffinity(0))
    client_core, server_core = cores[0], cores[-1]
    driver = str(pathlib.Path(args.build, "tests/bench/client/drive_client"))
    nginx = Nginx(server_core)
    try:
        with tempfile.TemporaryDirectory(prefix="dueprocess-bench-") as folder:
            constant, fresh = pathlib.Path(folder, "constant.lua"), pathlib.Path(folder, "fresh.lua")
            constant.write_text(CONSTANT, encoding="utf-8")
            fresh.write_text(FRESH, encoding="utf-8")
            url = f"http://127.0.0.1:{nginx.port}/v1/orders"
            ways = {
                "wrk": lambda: us_by_wrk(constant, url, args.connections, args.seconds, client_core),
                "wrk+lua": lambda: us_by_wrk(fresh, url, args.connections, args.seconds, client_core),
                "client": lambda: us_by_client(driver, nginx.port, args, client_core),
            }
            cost = {name: [] for name in ways}
            for number in range(args.rounds):
                for name, way in ways.items():
                    cost[name].append(way())
                print("  ".join(f"{name} {values[-1]:.2f}" for name, values in cost.items()), file=sys.stderr, flush=True)
    finally:
        nginx.close()
    print(f"CPU us a request, medians of {args.rounds} rounds, {args.connections} connections, {len(ORDER)} bytes of answer; ratios paired")
    print_table(cost)
    return 0


if __name__ == "__main__":
    sys.exit(main())
