#!/usr/bin/env python3
"""`dueprocess run --target` against `dueprocess serve`, as their users start them: two processes on loopback.

    test_live.py DUEPROCESS SOURCE_ROOT PART     PART: virtual, watched, wall, history, faults, seeds or trouble

virtual   the same outcome counts as in process, in barrier and in stamped mode
watched   the same, with evidence by server-sent events and by signed webhooks
wall      real time, scaled; a service whose timers sweep late is found, one whose clock is skewed is not blamed
history   what a live run saw, written and judged again: the same verdict, and as far as it goes where it was cut off
faults    the shipped scenarios of a bad network and of a service that is killed; one that forgets its timers then is found
seeds     answers lost, requests doubled, connections reset: for each of DUEPROCESS_SEEDS seeds (4) nothing is found
trouble   killed and started again in the middle; not there at all; what is refused beforehand
"""
import json
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time

DUEPROCESS = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(sys.argv[2]).resolve()
BOUND = 240  # seconds: a bound, not an expectation


class Service:
    """`dueprocess serve` with these arguments; its address once it listens."""

    def __init__(self, *arguments, listen="127.0.0.1:0"):
        self.process = subprocess.Popen([DUEPROCESS, "serve", "--listen", listen, "--password-rounds", "1", *arguments],
                                        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("listening on "), f"serve said: {line!r}"
        self.url = line.split()[-1]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process.stdout.close()


def start_run(folder, *arguments, cwd=ROOT):
    return subprocess.Popen([DUEPROCESS, "run", *arguments, "--out", folder, "--summary", "compact"], cwd=cwd,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def run(*arguments, code=0):
    """The result file of a run that ends with `code`; without one where the code says there is none."""
    with tempfile.TemporaryDirectory() as folder:
        running = start_run(folder, *arguments)
        try:
            said, _ = running.communicate(timeout=BOUND)
        except subprocess.TimeoutExpired:
            running.kill()
            raise
        assert running.returncode == code, f"{arguments}: exit code {running.returncode}, expected {code}\n{said}"
        result = pathlib.Path(folder, "result.json")
        return (json.loads(result.read_text()) if result.exists() else None), said


SAME = ["verdict", "orders", "violations", "cases", "auto_complete", "operations", "coverage", "virtual_time"]


def same_as_in_process(scenario, clock, *serve, binding="dueprocess", code=0):
    in_process, _ = run(*scenario, *(["--one-cell"] if clock == "barrier" else []), code=code)
    with Service("--clock", "virtual", "--scenario", scenario[0], *serve) as service:
        live, said = run(*scenario, "--target", service.url, "--clock", clock, "--declared-uploads", "--binding", binding, code=code)
    # Stamped orders have clocks of their own, so how many a list shows, which the digest takes in, is another matter.
    for member in SAME + (["digest"] if clock == "barrier" else []):
        assert live[member] == in_process[member], (
            f"{scenario[0]} {clock}: {member} differs\nlive       {live[member]}\nin process {in_process[member]}\n{said}")
    figures = live["run"]["live"]
    assert figures["clock"] == clock and figures["requests"] > 100, figures
    assert not any(figures["failures"].values()), figures["failures"]
    print(f"{scenario[0]} {clock}: {live['orders']['placed']} orders, {figures['requests']} requests, "
          f"{live['run']['wall_s']:.1f} s")


def virtual():
    for clock in ("barrier", "stamped"):
        same_as_in_process(["rules"], clock, "--declared-uploads")
        same_as_in_process(["smoke"], clock, "--declared-uploads")
        # A twentieth of the orders, which misses what it expects of their number.
        same_as_in_process(["marketplace-week", "--set", "orders.arrive.rate=100/day"], clock, "--declared-uploads", code=1)
    with Service("--clock", "virtual", "--declared-uploads", "--bug", "B05") as service:
        live, _ = run("rules", "--target", service.url, "--clock", "stamped", "--declared-uploads", code=1)
        assert live["violations"]["by_rule"].get("T3", 0) > 0, live["violations"]
        assert "--target" in live["violations"]["samples"][0]["replay"]


SHIPPED = ROOT / "scenarios/library/bindings/dueprocess.yaml"


def watching_by(how, folder):
    """The shipped binding with another way to observe; its file."""
    text = SHIPPED.read_text()
    feed = text[text.index("  by: feed"):text.index("  items:")]
    binding = pathlib.Path(folder, "binding.yaml")
    binding.write_text(text.replace(feed, "  shows: [events, notices, payments]\n  settle: 200ms\n" + how))
    return str(binding)


def watched():
    with tempfile.TemporaryDirectory() as folder:
        stream = watching_by("  by: stream\n  from: GET /v1/events\n", folder)
        text = pathlib.Path(stream).read_text()
        pathlib.Path(stream).write_text(text.replace("    list: /events\n", ""))  # an event is an item
        same_as_in_process(["rules"], "barrier", "--declared-uploads", binding=stream)
        same_as_in_process(["smoke"], "stamped", "--declared-uploads", binding=stream)
    with tempfile.TemporaryDirectory() as folder:
        secret = pathlib.Path(folder, "secret")
        secret.write_text("between us\n")
        for scenario, clock in ((["rules"], "barrier"), (["smoke"], "stamped")):
            port = free_port()
            hooks = watching_by(f"""  by: webhooks
  listen: 127.0.0.1:{port}
  path: /hooks
  signature: {{header: X-Dueprocess-Signature, prefix: "sha256=", secret: between us}}
""", folder)
            same_as_in_process(scenario, clock, "--declared-uploads", "--webhook", f"http://127.0.0.1:{port}/hooks",
                               "--webhook-secret-file", str(secret), binding=hooks)


def seeds():
    """Each seed has a service of its own: its orders are numbered from 1."""
    scenario = str(pathlib.Path(__file__).with_name("lossy.yaml"))
    count = int(os.environ.get("DUEPROCESS_SEEDS", "4"))
    orders = unknown = retries = 0
    for seed in range(1, count + 1):
        with Service("--clock", "virtual", "--declared-uploads") as service:
            result, _ = run(scenario, "--seed", str(seed), "--target", service.url, "--clock", "barrier", "--declared-uploads")
        assert result["verdict"] == "ok", result["reasons"]
        orders += result["orders"]["placed"]
        unknown += result["orders"]["judged_unknown"]
        retries += result["run"]["live"]["retries"]
    assert retries > 5 * count, retries
    print(f"{count} seeds, {orders} orders, {retries} requests sent again, {unknown} orders with more than one history")


FAST = [str(pathlib.Path(__file__).with_name("wall.yaml")), "--clock", "wall", "--speed", "86400", "--declared-uploads",
        "--lateness-max", "2s"]


def wall():
    with Service("--speed", "86400", "--declared-uploads", "--clock-offset", "5s") as service:
        live, said = run(*FAST, "--target", service.url)
    figures = live["run"]["live"]
    assert live["violations"]["total"] == 0 and live["orders"]["placed"] > 300, said
    assert live["orders"]["judged_ok"] > 0.9 * live["orders"]["placed"], said
    assert figures["response_ns"]["count"] > 1000 and figures["resolution_us"]["count"] > 50, figures
    offset = figures["clock_offset"]
    assert 4_500_000 < offset["low_us"] <= offset["high_us"] < 5_500_000 and offset["steps"] == 0, offset
    print(f"wall: {live['orders']['placed']} orders, {figures['requests']} requests, lateness at most "
          f"{figures['lateness_high_us']['p99']} us, resolution p50 {figures['resolution_us']['p50']} us")
    with Service("--speed", "86400", "--declared-uploads", "--timers", "sweep:5s") as service:
        live, said = run(*FAST, "--target", service.url, code=1)
    assert live["violations"]["by_rule"].get("T2", 0) > 0, said
    print(f"late sweep: {live['violations']['by_rule']}")


def check(*arguments, code):
    """The result file of `dueprocess check`."""
    with tempfile.TemporaryDirectory() as folder:
        said = subprocess.run([DUEPROCESS, "check", *map(str, arguments), "--out", folder, "--summary", "compact"], cwd=ROOT,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=BOUND)
        assert said.returncode == code, f"{arguments}: exit code {said.returncode}, expected {code}\n{said.stdout}"
        return json.loads(pathlib.Path(folder, "result.json").read_text())


def recorded(file, serve, how, code):
    """A live run with its history, which must say the same when it is judged again."""
    with Service(*serve) as service:
        live, said = run(*how, "--target", service.url, "--history", str(file), code=code)
    again = check(file, code=code)
    for sample in (each for result in (live, again) for each in result["violations"]["samples"] + result["cases"]["failures"]):
        sample.pop("replay")  # the one plays it again, the other looks it up
    for part in SAME:
        assert live[part] == again[part], f"{part}: run {live[part]}, check {again[part]}\n{said}"
    return live


def history():
    serve = ["--speed", "86400", "--declared-uploads"]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        packed, plain, late, short, cut = (folder / f for f in ("wall.ndjson.zst", "wall.ndjson", "late.ndjson", "short.ndjson", "cut.ndjson"))
        live = recorded(packed, serve, [*FAST, "--threads", "2"], 0)
        print(f"wall: {live['orders']['placed']} orders, {packed.stat().st_size} bytes")
        # Under another policy what was in time is early.
        assert check(packed, "--set", "policy.review_period=4d", code=1)["violations"]["by_rule"].get("T1", 0) > 0

        found = recorded(late, [*serve, "--timers", "sweep:5s"], FAST, 1)["violations"]["by_rule"]
        assert found.get("T2", 0) > 0, found
        assert check(late, "--lateness-max", "10s", code=0)["violations"]["total"] == 0
        bug = recorded(short, [*serve, "--bug", "S12"], FAST, 1)["violations"]
        order = bug["samples"][0]["order"]
        shown = subprocess.run([DUEPROCESS, "check", short, "--order", str(order)], capture_output=True, text=True, timeout=BOUND)
        assert shown.returncode == 1 and "M3" in shown.stdout, shown.stdout + shown.stderr
        print(f"late sweep: {found}; a cent short: {bug['by_rule']}")

        # Cut off: what is there is judged, and what is missing is nobody's fault. A line that is lost makes findings doubtful.
        subprocess.run(["zstd", "-dqf", packed, "-o", plain], check=True)
        lines = plain.read_text().splitlines()
        for eighths in (1, 3, 5, 7):
            cut.write_text("\n".join(lines[:len(lines) * eighths // 8]))
            assert check(cut, code=2)["violations"]["total"] == 0
        cut.write_text("\n".join(lines[:60] + ["{"] + lines[61:]))
        assert check(cut, code=2)["violations"]["total"] == 0
        cut.write_text("\n".join(short.read_text().splitlines()[:-1]))
        assert check(cut, code=1)["violations"]["by_rule"] == bug["by_rule"]

        for clock in ("barrier", "stamped"):
            recorded(folder / f"{clock}.ndjson", ["--clock", "virtual", "--scenario", "smoke", "--declared-uploads"],
                     ["smoke", "--clock", clock, "--declared-uploads", "--threads", "2"], 0)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def trouble():
    nowhere = f"http://127.0.0.1:{free_port()}"
    _, said = run("smoke", "--target", nowhere, code=3)
    assert "127.0.0.1" in said or "refused" in said, said
    for arguments, word in ((["--target", "ftp://x"], "--target"), (["--speed", "10"], "--target"),
                            (["--target", nowhere, "--clock", "sundial"], "sundial"),
                            (["--target", nowhere, "--bug", "B05"], "bugs"),
                            (["--target", nowhere, "--binding", "no-such"], "no-such")):
        _, said = run("smoke", *arguments, code=64)
        assert word in said, (arguments, said)
    with Service() as service:
        _, said = run("smoke", "--target", service.url, code=3)  # no test clock
        print("without a test clock:", said.strip().splitlines()[-1])
    for serve, clock in ((["--clock", "virtual"], "stamped"), (["--clock", "virtual"], "barrier"), ([], "wall")):
        with Service(*serve) as service:
            result, said = run("rules" if serve else "smoke", "--target", service.url, "--clock", clock, "--declared-uploads", code=3)
            assert result is None and said.count("--declared-uploads") and len(said.splitlines()) < 8, said

    with tempfile.TemporaryDirectory() as folder:
        listen = f"127.0.0.1:{free_port()}"
        arguments = ["--speed", "86400", "--declared-uploads", "--data", os.path.join(folder, "orders.sqlite"), "--sync", "process"]
        scenario = pathlib.Path(folder, "killed.yaml")
        scenario.write_text(f"""
name: killed in the middle
ends: 6d
orders: {{arrive: 60/day, due_in: 1d..2d}}
sellers: {{count: 50}}
buyers:
  count: 200
  personas:
    prompt: {{share: 50%, decides_after: 6h, decides: {{accept: 90%, modify: 10%}}}}
    silent: {{share: 50%}}
faults:
  - command: "true"
    at: 3d
    down_for: 2d
    recovers_within: 20s
""")
        service = Service(*arguments, listen=listen)
        with tempfile.TemporaryDirectory() as out:
            running = start_run(out, str(scenario), "--target", service.url, "--clock", "wall", "--speed", "86400",
                                "--declared-uploads", "--allow-commands")
            try:
                running.wait(3.5)
            except subprocess.TimeoutExpired:
                pass
            service.kill()
            service = Service(*arguments, listen=listen)
            try:
                said, _ = running.communicate(timeout=BOUND)
            finally:
                service.__exit__()
            result = json.loads(pathlib.Path(out, "result.json").read_text())
            assert result["violations"]["total"] == 0, said
            assert result["orders"]["completed_by_auto"] > 0, said
            print(f"killed: {result['orders']['placed']} orders, {result['orders']['judged_unknown']} unknown, "
                  f"failures {result['run']['live']['failures']}")

    with Service("--clock", "virtual", "--declared-uploads") as service, tempfile.TemporaryDirectory() as out:
        running = start_run(out, "marketplace-week", "--target", service.url, "--clock", "barrier", "--declared-uploads")
        try:
            running.wait(2)
        except subprocess.TimeoutExpired:
            pass
        running.send_signal(signal.SIGINT)
        said, _ = running.communicate(timeout=BOUND)
        assert running.returncode == 130, said
        result = json.loads(pathlib.Path(out, "result.json").read_text())
        assert result["run"]["interrupted"] and result["violations"]["total"] == 0, said


class Killable:
    """A service that a scenario's commands kill and start, as killed-service says, and a run against it."""

    def __init__(self, folder, scenario, speed, serve=(), run=()):
        self.folder = pathlib.Path(folder, scenario + "-".join(serve))
        self.folder.mkdir()
        port = free_port()
        command = [str(DUEPROCESS), "serve", "--data", "shop.db", "--sync", "process", "--listen", f"127.0.0.1:{port}", "--declared-uploads",
                   "--password-rounds", "1", "--speed", str(speed), *serve]
        (self.folder / "start.sh").write_text(f"{shlex.join(command)} >> serve.log 2>&1 & echo $! > serve.pid\n")
        subprocess.run(["sh", "start.sh"], cwd=self.folder, check=True)
        end = time.monotonic() + BOUND
        while not (self.folder / "serve.log").exists() or "listening" not in (self.folder / "serve.log").read_text():
            assert time.monotonic() < end, "serve does not start"
            time.sleep(0.02)
        # What a busy machine does to a service and to its start is not what is tested.
        self.run = start_run("out", scenario, "--target", f"http://127.0.0.1:{port}", "--clock", "wall", "--speed", str(speed),
                             "--declared-uploads", "--allow-commands", "--lateness-max", "5s", *run, cwd=self.folder)

    def end(self, code):
        try:
            said, _ = self.run.communicate(timeout=BOUND)
        finally:
            self.run.kill()
            os.kill(int((self.folder / "serve.pid").read_text()), signal.SIGKILL)
        assert self.run.returncode == code, f"{self.folder.name}: exit code {self.run.returncode}, expected {code}\n{said}"
        return json.loads((self.folder / "out/result.json").read_text()), said


def faults():
    few = ["--set", "expect.1=orders.placed >= 50", "--set", "faults.0.recovers_within=10s", "--set", "faults.2.recovers_within=10s"]
    with tempfile.TemporaryDirectory() as folder:
        network = Killable(folder, "faulty-network", 172800)
        killed = Killable(folder, "killed-service", 86400, run=few)
        forgets = Killable(folder, "killed-service", 86400, serve=["--bug", "B30"], run=few)
        for one in (network, killed):
            result, said = one.end(0)
            assert result["orders"]["completed_by_auto"] > 50, said
            assert result["run"]["live"]["retries"] > 20, said
            print(f"{one.folder.name}: {result['orders']['placed']} orders, {result['orders']['judged_unknown']} unknown, "
                  f"{result['run']['live']['retries']} requests sent again")
        result, said = forgets.end(1)
        found = result["violations"]["by_rule"]
        assert found.get("T2", 0) + found.get("T6", 0) > 0, said
        print(f"{forgets.folder.name}: {found}")


{"virtual": virtual, "watched": watched, "wall": wall, "history": history, "faults": faults, "seeds": seeds, "trouble": trouble}[sys.argv[3]]()
