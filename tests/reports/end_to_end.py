#!/usr/bin/env python3
"""The command line from outside: what it prints where, what it writes, how it ends.

    end_to_end.py DUEPROCESS SOURCE_ROOT
"""
import json
import os
import pathlib
import pty
import resource
import select
import shlex
import signal
import subprocess
import sys
import tempfile
import unittest

DUEPROCESS = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(sys.argv[2]).resolve()
SMOKE = ROOT / "scenarios/library/smoke.yaml"
PATIENCE_S = 120


class EndToEnd(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.here = pathlib.Path(self.folder.name)
        (self.here / "scenarios").symlink_to(ROOT / "scenarios")

    def run_it(self, *arguments, code=0, environment=None, **options):
        """Runs dueprocess in an empty folder that sees the tree's scenarios."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        done = subprocess.run([DUEPROCESS, *map(str, arguments)], cwd=self.here, stdin=subprocess.DEVNULL, timeout=PATIENCE_S,
                              env={**os.environ, **(environment or {})}, text=True, encoding="utf-8", **options)
        self.assertEqual(done.returncode, code, f"{arguments}: {done.stdout}{done.stderr}")
        return done

    def result(self, folder="out"):
        return json.loads((self.here / folder / "result.json").read_text(encoding="utf-8"))

    def test_a_good_run_writes_its_result_and_ends_with_the_verdict(self):
        done = self.run_it("run", "smoke", "--out", "out")
        self.assertEqual(done.stdout.splitlines()[-1].strip(), "VERDICT: ok")
        self.assertIn("Result: out/result.json", done.stdout)
        self.assertEqual(done.stderr, "")
        self.assertNotIn("\x1b", done.stdout)
        result = self.result()
        self.assertEqual((result["schema"], result["scenario"], result["verdict"]), ("dueprocess/result/1", "smoke", "ok"))
        self.assertEqual(os.listdir(self.here / "out"), ["result.json"])

    def test_without_out_nothing_is_written_and_that_is_said(self):
        self.assertIn("Nothing was written", self.run_it("run", "smoke").stdout)
        self.assertEqual(os.listdir(self.here), ["scenarios"])

    def test_any_number_of_threads_gives_the_same_bytes_up_to_run(self):
        texts = []
        for threads in (1, 2, 7):
            self.run_it("run", "smoke", "--threads", threads, "--out", f"out{threads}", "-q")
            text = (self.here / f"out{threads}/result.json").read_text(encoding="utf-8")
            texts.append(text[:text.index('\n  "run": {')])
        self.assertEqual(texts[0], texts[1])
        self.assertEqual(texts[0], texts[2])

    def test_another_seed_is_another_run(self):
        digests = set()
        for seed in (1, 2):
            self.run_it("run", "smoke", "--seed", seed, "--out", "out", "-q")
            self.assertEqual(self.result()["seed"], seed)
            digests.add(self.result()["digest"])
        self.assertEqual(len(digests), 2)

    def test_a_seeded_bug_is_found_and_the_command_told_shows_it(self):
        self.run_it("run", "smoke", "--bug", "B05", "--out", "out", code=1)
        result = self.result()
        self.assertEqual(result["verdict"], "violated")
        sample = result["violations"]["samples"][0]
        command = shlex.split(sample["replay"])
        self.assertEqual(command[0], "dueprocess")
        replayed = self.run_it(*command[1:], code=1)
        self.assertIn(f"✗ {sample['rule']} ", replayed.stdout)
        self.assertIn(sample["at"][:19], replayed.stdout)

    def test_a_replay_is_of_the_run_with_all_that_was_changed(self):
        scenario = self.here / "a folder with 'quotes'.yaml"
        scenario.write_text(SMOKE.read_text(encoding="utf-8"), encoding="utf-8")
        changed = {"DUEPROCESS_SET_SELLERS__COUNT": "30"}
        self.run_it("run", scenario.name, "--set", "buyers.count=70", "--bug", "B05", "--out", "out", code=1, environment=changed)
        sample = self.result()["violations"]["samples"][0]
        done = subprocess.run(["sh", "-c", sample["replay"]], cwd=self.here, capture_output=True, text=True, encoding="utf-8",
                              env={**os.environ, "PATH": f"{DUEPROCESS.parent}:{os.environ['PATH']}"}, timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(f"✗ {sample['rule']} ", done.stdout)
        self.assertIn(sample["at"][:19], done.stdout)

    def test_an_order_in_order_breaks_no_rule_and_one_that_is_not_there_is_told(self):
        self.assertIn("The order breaks no rule.", self.run_it("replay", "smoke", "--order", 1).stdout)
        self.assertIn("the orders 1 to 202", self.run_it("replay", "smoke", "--order", 203, code=64).stderr)

    def test_a_wrong_expectation_is_told_at_its_line(self):
        lines = SMOKE.read_text(encoding="utf-8").splitlines()
        line = next(i for i, text in enumerate(lines) if text.strip().startswith("- violations == 0"))
        lines[line] = lines[line].replace("== 0", "== 1")
        (self.here / "wrong.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = self.run_it("run", "wrong.yaml", "--out", "out", code=1)
        self.assertIn(f"wrong.yaml:{line + 1}", done.stdout)
        missed = [e for e in self.result()["expectations"] if e["held"] is False]
        self.assertEqual([(e["line"], e["actual"]) for e in missed], [(line + 1, "0")])

    def test_a_wrong_step_of_a_case_is_told_at_its_line(self):
        (self.here / "case.yaml").write_text(
            "name: case\nstarts: 2026-03-02T00:00:00Z\n\n# one case and no market\ncases:\n"
            "  - name: silent\n    due: 2d\n    steps:\n      - {at: 1d, seller: deliver, files: [{name: a, size: 1kB}]}\n"
            "      - {at: due + 3d, expect: delivered}\n", encoding="utf-8")
        done = self.run_it("run", "case.yaml", "--out", "out", code=1)
        self.assertIn("case.yaml:10", done.stdout)
        failure = self.result()["cases"]["failures"][0]
        self.assertEqual((failure["case"], failure["line"], failure["order"]), ("silent", 10, 1))
        self.run_it(*shlex.split(failure["replay"])[1:])

    def test_bad_usage_is_64_and_says_what_would_be_right(self):
        self.assertIn("run", self.run_it(code=64).stderr)
        self.assertIn('did you mean "run"?', self.run_it("rnu", code=64).stderr)
        self.assertIn('did you mean "smoke"?', self.run_it("run", "smok", code=64).stderr)
        self.assertIn("tried scenarios/library/smok.yaml", self.run_it("run", "smok", code=64).stderr)
        self.assertIn('did you mean "B05"?', self.run_it("run", "smoke", "--bug", "B5", code=64).stderr)
        self.assertIn('did you mean "count"?', self.run_it("run", "smoke", "--set", "sellers.cuont=1", code=64).stderr)
        for arguments in (["run"], ["run", "smoke", "--threads", "0"], ["run", "smoke", "--nonsense"], ["schema", "x"], ["validate"]):
            self.assertEqual(self.run_it(*arguments, code=64).stdout, "")

    def test_help_is_no_error(self):
        for arguments in (["--help"], ["run", "--help"], ["--version"]):
            self.assertEqual(self.run_it(*arguments).stderr, "")

    def test_validate_describes_and_finds_mistakes(self):
        self.assertIn("sellers", self.run_it("validate", "smoke").stdout)
        (self.here / "bad.yaml").write_text("name: bad\nsede: 1\nends: 3 parsecs\n", encoding="utf-8")
        done = self.run_it("validate", "bad.yaml", code=64)
        self.assertIn("bad.yaml:2:1: error:", done.stderr)
        self.assertIn("bad.yaml:3:", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_schemas_are_json(self):
        for arguments in (["schema", "scenario"], ["schema", "result"], ["validate", "--schema"]):
            self.assertIn("2020-12", json.loads(self.run_it(*arguments).stdout)["$schema"])

    def test_output_that_cannot_be_written_is_74(self):
        (self.here / "plain").write_text("x", encoding="utf-8")
        for out in ("plain", "plain/below", "/proc/none"):
            self.assertIn("cannot make the folder", self.run_it("run", "smoke", "--out", out, code=74).stderr)
        with open("/dev/full", "w", encoding="utf-8") as full:
            for arguments in (["run", "smoke"], ["bugs"], ["schema", "result"], ["--help"], ["replay", "smoke", "--order", "1"]):
                self.assertIn("No space left", self.run_it(*arguments, code=74, stdout=full).stderr)

    def test_a_full_disk_leaves_no_half_of_a_result(self):
        def small_disk():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        self.run_it("run", "smoke", "--out", "out", "-q")
        before = (self.here / "out/result.json").read_text(encoding="utf-8")
        done = self.run_it("run", "smoke", "--seed", 2, "--out", "out", code=74, preexec_fn=small_disk)
        self.assertIn("cannot write out/result.json", done.stderr)
        self.assertIn("VERDICT: ok", done.stdout)
        self.assertEqual((self.here / "out/result.json").read_text(encoding="utf-8"), before)
        self.assertEqual(os.listdir(self.here / "out"), ["result.json"])

    def test_a_reader_that_goes_away_is_no_failure(self):
        for arguments in (["bugs"], ["run", "smoke", "--out", "out"]):
            reading, writing = os.pipe()
            os.close(reading)
            self.assertEqual(self.run_it(*arguments, stdout=writing).stderr, "")
            os.close(writing)
        self.assertEqual(self.result()["verdict"], "ok")

    def interrupted(self, number, code):
        """A long run with its progress on a terminal of its own: interrupted when the progress shows that it is under way."""
        ours, its = pty.openpty()
        with subprocess.Popen([DUEPROCESS, "run", "marketplace-year", "--out", "out", "--threads", "2"], cwd=self.here, stderr=its,
                              stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env={**os.environ, "TERM": "xterm"}) as running:
            os.close(its)
            drawn = b""
            while b"events/s" not in drawn:
                self.assertTrue(select.select([ours], [], [], PATIENCE_S)[0], "no progress was drawn")
                drawn += os.read(ours, 4096)
            running.send_signal(number)
            summary = running.communicate(timeout=PATIENCE_S)[0].decode()
        os.close(ours)
        self.assertEqual(running.returncode, code)
        self.assertIn("the run was interrupted", summary)
        result = self.result()
        self.assertTrue(result["run"]["interrupted"])
        self.assertLess(result["orders"]["placed"], 20_000_000)
        self.assertEqual((result["verdict"], result["violations"]["total"]), ("unknown", 0))

    def test_ctrl_c_writes_the_results_so_far(self):
        self.interrupted(signal.SIGINT, 130)

    def test_sigterm_writes_the_results_so_far(self):
        self.interrupted(signal.SIGTERM, 143)

    def test_colours_are_for_terminals_that_want_them(self):
        for environment, wanted in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
            ours, its = pty.openpty()
            clean = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
            with subprocess.Popen([DUEPROCESS, "bugs"], cwd=self.here, stdout=its, env={**clean, "TERM": "xterm", **environment}) as running:
                os.close(its)
                shown = os.read(ours, 1 << 16)
                while running.poll() is None or select.select([ours], [], [], 0)[0]:
                    try:
                        shown += os.read(ours, 1 << 16)
                    except OSError:  # the other end is closed
                        break
            os.close(ours)
            self.assertEqual(b"\x1b[" in shown, wanted, environment)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
