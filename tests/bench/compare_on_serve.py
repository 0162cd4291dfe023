#!/usr/bin/env python3
"""Real runs against `dueprocess serve`, compared: how often is a slowdown called, and how often is one where there is none?

    tests/bench/compare_on_serve.py [--binary build/release/harness/main/dueprocess] [--pairs 100] [--repeats 10] [--delay-us 20000] [--slower 1.05]

Every answer is delayed on its way by --delay-us (a fault of the scenario); in slowed runs that times --slower. The runs of a pair take turns, so that
what the machine does meanwhile meets both sides. Prints a line a pair and the score: `alike` pairs that raised an alarm, `slowed` pairs that were called.
"""
import argparse
import json
import os
import pathlib
import subprocess
import tempfile

SCENARIO = """
name: slowed or not
seed: 7
ends: 2d
orders: {arrive: 60/day, due_in: 12h..1d}
sellers: {count: 20}
buyers: {count: 60}
faults:
  - {kind: delay, by: "${ANSWERS_LATER}"}
expect:
  - orders.unknown <= 1000
"""


class Service:
    def __init__(self, binary, folder, speed):
        ready = folder / "ready"
        ready.unlink(missing_ok=True)
        self.process = subprocess.Popen([binary, "serve", "--listen", "127.0.0.1:0", "--speed", str(speed), "--declared-uploads", "--ready-file", ready, "-q"],
                                        stdout=subprocess.DEVNULL)
        while not ready.exists() or not ready.read_text().strip():
            if self.process.poll() is not None:
                raise SystemExit("serve ended")
        self.url = ready.read_text().strip()

    def end(self):
        self.process.terminate()
        self.process.wait()


def run(options, folder, delay_us):
    service = Service(options.binary, folder.parent, options.speed)
    try:
        done = subprocess.run([options.binary, "run", folder.parent.parent / "scenario.yaml", "--target", service.url, "--clock", "wall", "--speed",
                               str(options.speed), "--declared-uploads", "--out", folder, "-q"], env=os.environ | {"ANSWERS_LATER": f"{delay_us}us"}, check=False,
                              capture_output=True, text=True)
        if done.returncode not in (0, 2):
            raise SystemExit(f"run ended with {done.returncode}: {done.stderr}")
    finally:
        service.end()


def pair(options, root, slower):
    for i in range(1, options.repeats + 1):
        for side, delay in (("base", options.delay_us), ("new", round(options.delay_us * slower))):
            (root / side).mkdir(parents=True, exist_ok=True)
            run(options, root / side / str(i), delay)
    done = subprocess.run([options.binary, "compare", root / "base", root / "new", "--json", root / "c.json", "-q"], check=False)
    figures = {figure["figure"]: figure for figure in json.loads((root / "c.json").read_text())["figures"]}
    time = figures["http.response_time p50"]
    print(f"{'slowed' if slower != 1 else 'alike '}  exit code {done.returncode}  response p50 {time['base'] / 1e6:.2f} ms -> {time['new'] / 1e6:.2f} ms  "
          f"{time['verdict']}, p {time['p']:.4f}; alarms: {[name for name, f in figures.items() if f['verdict'] in ('better', 'worse')]}", flush=True)
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="build/release/harness/main/dueprocess", type=pathlib.Path)
    parser.add_argument("--pairs", default=100, type=int)
    parser.add_argument("--repeats", default=10, type=int)
    parser.add_argument("--delay-us", default=20_000, type=int)
    parser.add_argument("--slower", default=1.05, type=float)
    parser.add_argument("--speed", default=86_400, type=int)
    options = parser.parse_args()
    alarms = called = 0
    with tempfile.TemporaryDirectory() as name:
        for i in range(options.pairs):
            for slower in (1, options.slower):
                root = pathlib.Path(name) / f"{i}-{slower}"
                root.mkdir()
                (root / "scenario.yaml").write_text(SCENARIO)
                figures = pair(options, root, slower)
                verdicts = {figure["verdict"] for figure in figures.values()}
                if slower == 1:
                    alarms += bool(verdicts & {"better", "worse"})
                else:
                    called += figures["http.response_time p50"]["verdict"] == "worse"
    print(f"alike: {alarms} of {options.pairs} raised an alarm; slowed to {options.slower}: {called} of {options.pairs} called")


if __name__ == "__main__":
    main()
