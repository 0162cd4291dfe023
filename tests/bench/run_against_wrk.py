#!/usr/bin/env python3
"""What a request costs a whole `dueprocess run` in real time, in CPU time, paired with wrk on the same server.

    tests/bench/run_against_wrk.py [--binary build/release/harness/main/dueprocess] [--rounds 5] [--seconds 6] [--rate 2000] [--speed 86400]

One `dueprocess serve` on one core, one client on another, in turns:

    wrk          the same request over and over, the answer not looked at
    wrk+lua      a fresh JSON body each, the answer looked at, as a user of wrk would write it
    run          a market of thousands: distinct requests at their instants, answers understood, latency recorded, deadlines read,
                 evidence read, every order judged

CPU is user + system of the client's process from its start to its end, over the requests it made. Medians over the rounds and of each round's
ratio. Needs wrk; the exit code is 77 without it. On other machines figures differ, ratios less.
"""
import argparse
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from against_wrk import UNDERSTANDS, measured, print_table, us_by_wrk

SCENARIO = """
name: as many as go
seed: {seed}
ends: {days}d
orders: {{arrive: {rate}/day, due_in: 1d..2d}}
sellers: {{count: 5000, personas: {{punctual: {{share: 100%, drafts: 1..3, files: {{count: 1..3, size: 1MB}}}}}}}}
buyers:
  count: 20000
  personas:
    prompt: {{share: 60%, decides_after: 6h, decides: {{accept: 80%, modify: 20%}}}}
    silent: {{share: 40%}}
"""
FRESH = """
local number = 0
request = function()
  number = number + 1
  wrk.headers["Idempotency-Key"] = "k" .. number
  return wrk.format("PUT", "%s", nil, '{"description":"words number ' .. number .. ' of a draft, as somebody would write them","attachments":[],"links":["https://files.example.org/' .. number .. '"]}')
end
"""


class Service:
    """`dueprocess serve` on a core, afresh for each measurement: what it remembers of one is no matter to the next."""

    def __init__(self, binary, core, speed, folder):
        self.process = subprocess.Popen(["taskset", "-c", str(core), binary, "serve", "--listen", "127.0.0.1:0", "--declared-uploads",
                                         "--password-rounds", "1", "--speed", str(speed), "-q"], stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        seller, buyer = self.login("u2"), self.login("u1")
        order = self.ask("POST", "/v1/orders", {"seller": "u2", "due_at": "2030-01-01T00:00:00Z", "price_cents": 5000}, buyer)["order"]["id"]
        path = f"/v1/orders/{order}/draft"
        head = (f'wrk.headers["Authorization"] = "Bearer {seller}"\nwrk.headers["Content-Type"] = "application/json"\nwrk.method = "PUT"\n'
                f'wrk.path = "{path}"\n')
        body = {"description": "words number 1000000 of a draft, as somebody would write them", "attachments": [], "links": ["https://files.example.org/1000000"]}
        self.constant, self.fresh = pathlib.Path(folder, "constant.lua"), pathlib.Path(folder, "fresh.lua")
        self.constant.write_text(head + f"wrk.body = '{json.dumps(body)}'\n", encoding="utf-8")
        self.fresh.write_text(head + FRESH % path + UNDERSTANDS, encoding="utf-8")

    def ask(self, method, path, body, token=None):
        one = http.client.HTTPConnection(self.url.split("//")[1])
        one.request(method, path, json.dumps(body), {"Authorization": "Bearer " + token} if token else {})
        answer = json.loads(one.getresponse().read())
        one.close()
        return answer

    def login(self, user):
        return self.ask("POST", "/v1/login", {"user": user, "password": "secret"})["token"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def us_by_run(service, args, core, folder, seed):
    scenario, out = pathlib.Path(folder, "market.yaml"), pathlib.Path(folder, "out")
    days = max(1, args.seconds * args.speed // 86400)
    scenario.write_text(SCENARIO.format(seed=seed, days=days, rate=args.rate * 86400 // args.speed), encoding="utf-8")
    _, cpu = measured([args.binary, "run", str(scenario), "--target", service.url, "--clock", "wall", "--speed", str(args.speed), "--threads", "1",
                       "--connections", "64", "--declared-uploads", "--lateness-max", "30s", "--out", str(out), "-q"], core, codes=(0, 2))
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    live = result["run"]["live"]
    print(f"    run: {live['requests']} requests, {result['orders']['placed']} orders, {result['verdict']}", file=sys.stderr)
    return cpu * 1e6 / live["requests"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="build/release/harness/main/dueprocess")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--rate", type=int, default=2000, help="orders a real second")
    parser.add_argument("--speed", type=int, default=86400)
    args = parser.parse_args()
    if not shutil.which("wrk"):
        print("run_against_wrk: needs wrk", file=sys.stderr)
        return 77
    cores = sorted(os.sched_getaffinity(0))
    client_core, server_core = cores[0], cores[-1]
    cost = {"wrk": [], "wrk+lua": [], "run": []}
    with tempfile.TemporaryDirectory(prefix="dueprocess-bench-") as folder:
        for number in range(args.rounds):
            for name, values in cost.items():
                with Service(args.binary, server_core, args.speed, folder) as service:
                    if name == "run":
                        values.append(us_by_run(service, args, client_core, folder, number + 1))
                    else:
                        script = service.constant if name == "wrk" else service.fresh
                        values.append(us_by_wrk(script, service.url, 64, args.seconds, client_core))
            print("  ".join(f"{name} {values[-1]:.2f}" for name, values in cost.items()), file=sys.stderr, flush=True)
    print(f"CPU us a request, medians of {args.rounds} rounds, 64 connections; ratios paired")
    print_table(cost)
    return 0


if __name__ == "__main__":
    sys.exit(main())
