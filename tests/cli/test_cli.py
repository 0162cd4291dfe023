#!/usr/bin/env python3
"""The binary as its users meet it: exit codes, messages with file and line, files that are whole or not there.

    test_cli.py DUEPROCESS SOURCE_ROOT [unittest arguments]
"""
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

BINARY, ROOT = (pathlib.Path(argument).resolve() for argument in (sys.argv[1], sys.argv[2]))
LIBRARY = ROOT / "scenarios" / "library"


class CommandLine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def dueprocess(self, *arguments, **options):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("DUEPROCESS_")} | options.pop("environment", {})
        return subprocess.run([str(BINARY), *map(str, arguments)], cwd=self.folder, env=environment, capture_output=True, text=True,
                              encoding="utf-8", stdin=subprocess.DEVNULL, timeout=300, **options)

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def copy_of(self, scenario, old, new):
        """A copy of a shipped scenario with one place changed, and the line of that place."""
        text = (LIBRARY / scenario).read_text(encoding="utf-8")
        self.assertEqual(text.count(old), 1, f"{old!r} in {scenario}")
        return self.file(scenario, text.replace(old, new)), text[: text.index(old)].count("\n") + 1

    def test_every_shipped_scenario_but_those_that_need_a_file_or_a_long_time_is_ok(self):
        skipped = {"marketplace-year", "real-orders", "faulty-network", "killed-service"}  # 20 million orders; a file of the user's; a live target
        scenarios = [path for path in sorted(LIBRARY.glob("*.yaml")) if path.stem not in skipped]
        self.assertGreaterEqual(len(scenarios), 4)
        for scenario in scenarios:
            with self.subTest(scenario.name):
                done = self.dueprocess("run", scenario)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_shrunk_case_fails_with_the_bug_and_passes_without_it(self):
        done = self.dueprocess("run", LIBRARY / "smoke.yaml", "--bug", "B22", "--quiet", "--shrink", "small.yaml")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(self.dueprocess("run", "small.yaml", "--bug", "B22", "--quiet").returncode, 1)
        self.assertEqual(self.dueprocess("run", "small.yaml", "--quiet").returncode, 0)
        on_output = self.dueprocess("shrink", LIBRARY / "smoke.yaml", "--bug", "B22", "--quiet")
        self.assertEqual((on_output.returncode, on_output.stderr), (0, ""))
        self.assertEqual(on_output.stdout.splitlines()[-1], "  - violations.T4 == 0")

    def test_nothing_to_shrink_is_told(self):
        done = self.dueprocess("shrink", LIBRARY / "smoke.yaml")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("nothing was violated", done.stderr)
        self.assertEqual(self.dueprocess("shrink", LIBRARY / "smoke.yaml", "--invariant", "T99").returncode, 64)
        self.assertEqual(self.dueprocess("shrink", LIBRARY / "smoke.yaml", "--target", "http://127.0.0.1:1", "--clock", "wall").returncode, 64)
        self.assertEqual(self.dueprocess("shrink", LIBRARY / "smoke.yaml", "--bug", "B22", "--out", "no/such/folder/a.yaml").returncode, 74)

    def test_conform_names_what_holds_and_what_is_broken(self):
        done = self.dueprocess("conform", "--depth", "2", "--json", "c.json", "--junit", "c.xml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        found = json.loads((self.folder / "c.json").read_text())
        self.assertEqual((found["depth"], found["whole"], found["broken"]), (2, True, []))
        self.assertEqual({rule["verdict"] for rule in found["rules"]}, {"held", "not reached"})
        suite = xml.etree.ElementTree.parse(self.folder / "c.xml").getroot()
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("18", "0"))
        printed = self.dueprocess("conform", "--depth", "1", "--json", "-")
        self.assertEqual(json.loads(printed.stdout)["depth"], 1)
        self.assertFalse((self.folder / "-").exists())
        done = self.dueprocess("conform", "--depth", "2", "--bug", "B74", "--json", "c.json", "--junit", "c.xml")
        self.assertEqual(done.returncode, 1, done.stderr)
        broken = {one["invariant"]: one["case"] for one in json.loads((self.folder / "c.json").read_text())["broken"]}
        self.assertIn("T2", broken)
        for invariant, case in broken.items():
            with self.subTest(invariant):
                self.file("case.yaml", case)
                self.assertEqual(self.dueprocess("run", "case.yaml", "--bug", "B74", "--quiet").returncode, 1)
                self.assertEqual(self.dueprocess("run", "case.yaml", "--quiet").returncode, 0)
        self.assertNotEqual(xml.etree.ElementTree.parse(self.folder / "c.xml").getroot().get("failures"), "0")
        self.assertEqual(self.dueprocess("conform", "--depth", "0").returncode, 64)
        self.assertEqual(self.dueprocess("conform", "--bug", "X1").returncode, 64)

    def test_one_deadline_moved_by_a_microsecond_is_found_down_to_its_order(self):
        for out, more in (("base", []), ("again", []), ("moved", ["--set", "policy.review_period=259200000001us"])):
            self.dueprocess("run", LIBRARY / "smoke.yaml", "--out", out, "--quiet", *more)
        done = self.dueprocess("compare", "base", "again")
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "COMPARED: same"), done.stderr)
        refused = self.dueprocess("compare", "base", "moved")
        self.assertEqual(refused.returncode, 64)
        self.assertIn("review_period_us 259200000000 and 259200000001", refused.stderr)
        found = self.dueprocess("compare", "base", "moved", "--allow-different=policy", "--json", "c.json", "--junit", "c.xml", "--markdown", "c.md")
        self.assertEqual(found.returncode, 1, found.stderr)
        first = json.loads((self.folder / "c.json").read_text())["first_difference"]
        self.assertEqual((first["order"], "D = 2026-03-12T00:11:28.770139Z" in first["new"], "28.770139" in first["base"]), (1, True, False))
        self.assertEqual(xml.etree.ElementTree.parse(self.folder / "c.xml").getroot().get("failures"), "2")  # two cases fail, and what must repeat does not
        self.assertIn("| figure |", (self.folder / "c.md").read_text())

    def test_a_seeded_bug_is_found_by_playing_again_and_in_histories_alike(self):
        for out, more in (("base", []), ("new", ["--bug", "B05"])):
            self.dueprocess("run", LIBRARY / "smoke.yaml", "--out", out, "--history", f"{out}.ndjson.zst", "--quiet", *more)
        orders = []
        for more in ([], ["--history", "base.ndjson.zst", "new.ndjson.zst"]):
            done = self.dueprocess("compare", "base", "new", "--json", "c.json", "--quiet", *more)
            self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
            orders.append(json.loads((self.folder / "c.json").read_text())["first_difference"]["order"])
        self.assertGreater(orders[0], 0)
        self.assertEqual(orders[0], orders[1])
        # A result that this program does not get again is no ground for naming an order.
        altered = self.folder / "new" / "result.json"
        text = altered.read_text()
        digest = json.loads(text)["run"]["cell_digests"]
        for cell in digest:
            text = text.replace(cell, cell[:-4] + "0000")
        altered.write_text(text)
        done = self.dueprocess("compare", "base", "new")
        self.assertEqual(done.returncode, 1)
        self.assertIn("does not get its result again", done.stdout.replace("\n  ", " "))

    def test_repeats_lie_in_folders_of_their_own_and_are_compared_as_one_set(self):
        done = self.dueprocess("run", LIBRARY / "smoke.yaml", "--repeat", 3, "--repeat-seeds", "next", "--out", "set", "--quiet")
        self.assertEqual(done.returncode, 0, done.stderr)
        common = json.loads((self.folder / "set" / "repeats.json").read_text())
        self.assertEqual((common["repeats"], common["exit_codes"]), (3, [0, 0, 0]))
        seeds = [json.loads((self.folder / "set" / str(i) / "result.json").read_text())["seed"] for i in (1, 2, 3)]
        self.assertEqual(seeds, common["seeds"])
        self.assertEqual(seeds, [seeds[0], seeds[0] + 1, seeds[0] + 2])
        self.assertEqual(self.dueprocess("compare", "set", "set", "--quiet").returncode, 0)
        self.assertEqual(self.dueprocess("compare", "set", "set/1", "--quiet").returncode, 64)  # another plan of seeds
        self.assertEqual(self.dueprocess("run", LIBRARY / "smoke.yaml", "--repeat", 2, "--out", "set", "--quiet").returncode, 64)
        self.assertEqual(self.dueprocess("run", LIBRARY / "smoke.yaml", "--repeat", 2, "--quiet").returncode, 64)
        self.file("t.yaml", "figures: {run.cpu: 500%}\n")
        self.assertEqual(self.dueprocess("compare", "set", "set", "--tolerances", "t.yaml").returncode, 64)
        self.file("t.yaml", "figures: {run.cpu: 5%}\n")
        self.assertIn(self.dueprocess("compare", "set", "set", "--tolerances", "t.yaml", "--quiet").returncode, (0, 2))
        self.assertEqual(self.dueprocess("compare", "set", "nowhere").returncode, 64)
        self.assertEqual(self.dueprocess("compare", "set", "set", "--json", "no/folder/c.json").returncode, 74)

    def test_a_timeline_is_drawn_as_a_picture_that_stands_alone(self):
        done = self.dueprocess("replay", LIBRARY / "smoke.yaml", "--order", "202", "--svg", "order.svg")
        self.assertEqual(done.returncode, 0, done.stderr)
        picture = xml.etree.ElementTree.parse(self.folder / "order.svg").getroot()
        self.assertTrue(picture.tag.endswith("svg"))
        text = (self.folder / "order.svg").read_text(encoding="utf-8")
        self.assertIn("prefers-color-scheme:dark", text)
        self.assertNotIn("href", text)
        self.assertEqual(self.dueprocess("replay", LIBRARY / "smoke.yaml", "--order", "1", "--svg", "no/folder/a.svg").returncode, 74)

    def test_prove_says_which_bugs_a_scenario_would_find_and_what_it_lacks(self):
        done = self.dueprocess("prove", "smoke", "--bugs", "B01,B32,B44", "--json", "proof.json", "--junit", "proof.xml", "--threads", 2)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("SCORE: 2 of 4 bugs found", done.stdout)
        self.assertIn("needs downtime from before a deadline to an hour after it", done.stdout)
        proof = json.loads((self.folder / "proof.json").read_text(encoding="utf-8"))
        self.assertEqual([proof["seeded"], proof["found"], [e["bug"] for e in proof["matrix"]]], [4, 2, ["B01a", "B01b", "B32", "B44"]])
        self.assertEqual(set(proof["matrix"][0]), {"bug", "found", "invariant", "orders_until_found", "profile"})
        self.assertIn('failures="2"', (self.folder / "proof.xml").read_text(encoding="utf-8"))
        one = self.dueprocess("prove", "smoke", "--bugs", "B01", "--json", "-", "-q", "--threads", 1)
        self.assertEqual(one.returncode, 0, one.stderr)
        self.assertEqual(json.loads(one.stdout)["matrix"], proof["matrix"][:2])
        self.assertEqual(self.dueprocess("prove", "smoke", "--bugs", "B01,B44", "--at-least", 60, "-q").returncode, 0)

    def test_prove_finds_what_is_wrong_without_a_bug_and_refuses_what_cannot_be_proven(self):
        path, _ = self.copy_of("smoke.yaml", "orders.placed == 202", "orders.placed == 203")
        done = self.dueprocess("prove", path, "--bugs", "B01a")
        self.assertEqual(done.returncode, 1)
        self.assertIn("something where there is no bug", done.stdout)
        for words, told in ((["smoke", "--bugs", "B999"], 'no bug "B999"'), (["nowhere"], 'no scenario "nowhere"'),
                            (["faulty-network"], "live target"), (["smoke", "--bugs", "B01,,B02"], "expected ids")):
            wrong = self.dueprocess("prove", *words)
            self.assertEqual(wrong.returncode, 64, words)
            self.assertIn(told, wrong.stderr)

    def test_required_coverage_makes_a_vacuous_run_unknown(self):
        done = self.dueprocess("run", "smoke", "--require-coverage")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("coverage was required: no review lived through a restart", done.stdout)
        self.assertEqual(self.dueprocess("run", "smoke", "--require-coverage=extensions,key_replays", "-q").returncode, 0)
        self.assertEqual(self.dueprocess("run", "smoke", "--require-coverage=restarts", "-q").returncode, 2)
        self.assertEqual(self.dueprocess("run", "smoke", "--require-coverage=nonsense").returncode, 64)

    def test_the_year_is_at_least_valid(self):
        done = self.dueprocess("validate", LIBRARY / "marketplace-year.yaml")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_run_writes_a_result_with_its_schema_and_verdict(self):
        done = self.dueprocess("run", LIBRARY / "smoke.yaml", "--out", "a/new/folder")
        self.assertEqual(done.returncode, 0, done.stderr)
        result = json.loads((self.folder / "a/new/folder/result.json").read_text(encoding="utf-8"))
        self.assertEqual(result["schema"], "dueprocess/result/1")
        self.assertEqual(result["verdict"], "ok")
        self.assertEqual(result["violations"]["total"], 0)
        self.assertEqual(result["orders"]["placed"], 202)
        self.assertEqual(sorted(path.name for path in (self.folder / "a/new/folder").iterdir()), ["result.json"])

    def result(self, folder):
        """A result without what a history cannot know: the moment, and the commands that show an order."""
        result = json.loads((self.folder / folder / "result.json").read_text(encoding="utf-8"))
        del result["run"], result["history"]
        for finding in result["violations"]["samples"] + result["cases"]["failures"]:
            del finding["replay"]
        return result

    def test_a_history_is_judged_as_its_run_was(self):
        for arguments in (["smoke"], ["rules", "--bug", "B05"], ["deadline-huggers", "--one-cell"], ["smoke", "--seed", "9", "--set", "policy.review_anchor=due_date"]):
            with self.subTest(arguments):
                run = self.dueprocess("run", LIBRARY / f"{arguments[0]}.yaml", *arguments[1:], "--history", "a/h.ndjson.zst", "--out", "run", "-q")
                check = self.dueprocess("check", "a/h.ndjson.zst", "--out", "check", "-q")
                self.assertEqual(check.returncode, run.returncode, check.stderr)
                self.assertEqual(self.result("check"), self.result("run"))

    def test_a_history_that_is_cut_off_or_torn_is_judged_as_far_as_it_goes_and_says_so(self):
        self.dueprocess("run", LIBRARY / "smoke.yaml", "--history", "h.ndjson", "-q")
        text = (self.folder / "h.ndjson").read_text(encoding="utf-8")
        lines = text.splitlines(keepends=True)
        self.file("cut", text[: text.index("\n", len(text) // 2) - 5])
        self.file("torn", "".join(lines[:50] + ["{broken\n"] + lines[51:]))
        self.file("foreign", "order,buyer\n1,2\n")
        for name, said in (("cut", "incomplete: cut off in the middle of line"), ("torn", "1 line of the history could not be used")):
            done = self.dueprocess("check", name)
            self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
            self.assertIn(said, done.stdout)
        self.assertIn("torn: line 51: column 2: expected a text in quotes", self.dueprocess("check", "torn", "-q").stderr)
        done = self.dueprocess("check", "foreign")
        self.assertEqual(done.returncode, 64)
        self.assertIn("foreign is no history: none of its 2 lines can be used", done.stderr)
        self.assertEqual(self.dueprocess("check", "missing").returncode, 64)

    def test_a_history_is_judged_under_another_policy_and_tolerance(self):
        self.dueprocess("run", LIBRARY / "smoke.yaml", "--bug", "B01b", "--history", "h.ndjson", "-q")
        self.assertEqual(self.dueprocess("check", "h.ndjson", "-q").returncode, 1)
        late = json.loads((self.folder / "h.ndjson").read_text(encoding="utf-8").splitlines()[0])
        self.assertEqual(late["bugs"], ["B01b"])
        done = self.dueprocess("check", "h.ndjson", "--lateness-max", "1d", "--out", "tolerant", "-q")
        self.assertNotIn("T2", self.result("tolerant")["violations"]["by_rule"])
        self.file("policy.yaml", "review_period: 4d\n")
        for other in (["--policy", "policy.yaml"], ["--set", "policy.review_period=4d"]):
            done = self.dueprocess("check", "h.ndjson", *other, "--out", "other", "-q")
            self.assertEqual(self.result("other")["policy"]["review_period_us"], 4 * 86_400_000_000, done.stderr)
        done = self.dueprocess("check", "h.ndjson", "--set", "policy.review=4d")
        self.assertEqual(done.returncode, 64)
        self.assertIn('unknown key "review"; did you mean "review_period"?', done.stderr)

    def test_an_orders_timeline_comes_out_of_a_history_as_out_of_the_seed(self):
        self.dueprocess("run", LIBRARY / "rules.yaml", "--bug", "B05", "--history", "h.ndjson.zst", "-q")
        replayed = self.dueprocess("replay", LIBRARY / "rules.yaml", "--bug", "B05", "--order", "59")
        checked = self.dueprocess("check", "h.ndjson.zst", "--order", "59")
        self.assertEqual(checked.returncode, 1)
        self.assertEqual(checked.stdout.splitlines()[1:], replayed.stdout.splitlines()[1:])
        self.assertEqual(self.dueprocess("check", "h.ndjson.zst", "--order", "9999999").returncode, 64)

    def test_a_history_that_cannot_be_written_is_exit_code_74(self):
        self.assertEqual(self.dueprocess("run", LIBRARY / "smoke.yaml", "--history", self.folder).returncode, 74)
        done = self.dueprocess("run", LIBRARY / "smoke.yaml", "--history", "/dev/full")
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn("cannot write /dev/full: No space left on device", done.stderr)

    def test_every_record_is_valid_by_the_schema(self):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("needs python3-jsonschema")
        validator = jsonschema.Draft202012Validator(json.loads(self.dueprocess("schema", "history").stdout))
        self.dueprocess("run", LIBRARY / "rules.yaml", "--bug", "B05", "--history", "h.ndjson", "-q")
        lines = (self.folder / "h.ndjson").read_text(encoding="utf-8").splitlines()
        for line in lines[:1000] + lines[-50:]:
            self.assertEqual([error.message for error in validator.iter_errors(json.loads(line))], [], line)

    def test_off_a_terminal_there_is_neither_colour_nor_progress(self):
        done = self.dueprocess("run", LIBRARY / "smoke.yaml")
        self.assertEqual(done.stderr, "")
        self.assertNotIn("\x1b", done.stdout)
        self.assertNotIn("\r", done.stdout)

    def test_a_wrong_expectation_of_the_run_is_told_with_its_line_and_gives_exit_code_1(self):
        scenario, line = self.copy_of("smoke.yaml", "- orders.placed == 202", "- orders.placed == 203")
        done = self.dueprocess("run", scenario, "--out", "out")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(f"smoke.yaml:{line}", done.stdout)
        self.assertEqual(json.loads((self.folder / "out/result.json").read_text(encoding="utf-8"))["verdict"], "violated")

    def test_a_wrong_expectation_of_a_case_is_told_with_its_line_and_gives_exit_code_1(self):
        scenario = self.file("case.yaml", "cases:\n  - name: one\n    due: 2d\n    steps:\n      - {at: 1d, seller: deliver, files: [a.zip]}\n"
                                          "      - {at: due + 3d - 1us, expect: completed}\n")
        done = self.dueprocess("run", scenario)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("case.yaml:6", done.stdout)
        self.assertIn("replay", done.stdout)

    def test_the_command_that_a_violation_names_shows_the_same_violation(self):
        done = self.dueprocess("run", LIBRARY / "smoke.yaml", "--bug", "B05")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        violations = done.stdout[done.stdout.index("VIOLATIONS"):]
        command = re.search(r"dueprocess (replay .*)", violations).group(1).split()
        shown = self.dueprocess(*command)
        self.assertEqual(shown.returncode, 1, shown.stdout + shown.stderr)
        self.assertIn(re.search(r"✗ (\w\d) ", violations).group(1), shown.stdout)

    def test_mistakes_are_told_all_at_once_with_line_column_and_the_nearest_name(self):
        scenario = self.file("bad.yaml", "name: bad\nseeed: 3\npolicy: {review_period: 3x}\nsellers: {count: -1}\n")
        done = self.dueprocess("run", scenario, "--out", "out")
        self.assertEqual(done.returncode, 64, done.stdout + done.stderr)
        for place in ["bad.yaml:2:1:", "bad.yaml:3:", "bad.yaml:4:"]:
            self.assertIn(place, done.stderr)
        self.assertIn("seed", done.stderr.replace("seeed", ""))
        self.assertFalse((self.folder / "out").exists())

    def test_a_scenario_with_faults_needs_a_live_target_and_runs_no_command_by_surprise(self):
        scenario = self.file("faulty.yaml", "ends: 2d\norders: {arrive: 1/h}\nsellers: {count: 1}\nbuyers: {count: 1}\n"
                                            "faults:\n  - {command: touch surprise, at: 1h}\n")
        for arguments in [["run", scenario], ["replay", scenario, "--order", "1"]]:
            done = self.dueprocess(*arguments)
            self.assertEqual(done.returncode, 64, done.stdout + done.stderr)
            self.assertIn("faulty.yaml:6: error: faults", done.stderr)
            self.assertIn("--target", done.stderr)
        done = self.dueprocess("validate", scenario)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('command "touch surprise"', done.stdout)
        self.assertIn("--allow-commands", done.stdout)
        self.assertFalse((self.folder / "surprise").exists())

    def test_bad_usage_is_told_and_gives_exit_code_64(self):
        for arguments in [[], ["rnu"], ["run"], ["run", "nothing-there.yaml"], ["run", self.folder], ["run", LIBRARY / "smoke.yaml", "--threads", "0"],
                          ["run", LIBRARY / "smoke.yaml", "--seed", "x"], ["run", LIBRARY / "smoke.yaml", "--set", "sedd=3"],
                          ["run", LIBRARY / "smoke.yaml", "--bug", "B999"], ["replay", LIBRARY / "smoke.yaml", "--order", "203"]]:
            with self.subTest(arguments=arguments):
                done = self.dueprocess(*arguments)
                self.assertEqual(done.returncode, 64, done.stdout + done.stderr)
                self.assertNotEqual(done.stderr, "")

    def test_help_and_version_are_for_standard_output(self):
        for arguments in [["--help"], ["--version"], ["run", "--help"], ["replay", "--help"], ["validate", "--help"]]:
            with self.subTest(arguments=arguments):
                done = self.dueprocess(*arguments)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertNotEqual(done.stdout, "")

    def test_values_are_set_from_the_command_line_and_the_environment(self):
        done = self.dueprocess("run", LIBRARY / "smoke.yaml", "--set", "orders.arrive.count=50", "--out", "out")
        self.assertEqual(done.returncode, 1, "one of its expectations counts the orders")
        self.assertEqual(json.loads((self.folder / "out/result.json").read_text(encoding="utf-8"))["orders"]["placed"], 52)
        done = self.dueprocess("run", LIBRARY / "smoke.yaml", "--out", "out", environment={"DUEPROCESS_SET_ORDERS__ARRIVE__COUNT": "60"})
        self.assertEqual(json.loads((self.folder / "out/result.json").read_text(encoding="utf-8"))["orders"]["placed"], 62, done.stderr)

    def test_where_nothing_can_be_written_the_exit_code_is_74(self):
        self.file("a-file", "")
        done = self.dueprocess("run", LIBRARY / "smoke.yaml", "--out", "a-file")
        self.assertEqual(done.returncode, 74, done.stdout + done.stderr)
        self.assertIn("a-file", done.stderr)

    def test_a_full_disk_leaves_no_half_written_result(self):
        def no_room():  # the nearest a test comes to a full disk
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

        done = self.dueprocess("run", LIBRARY / "smoke.yaml", "--out", "out", preexec_fn=no_room)
        self.assertEqual(done.returncode, 74, done.stdout + done.stderr)
        self.assertEqual([path for path in (self.folder / "out").iterdir()], [])

    def test_standard_output_that_is_full_gives_exit_code_74(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([str(BINARY), "run", str(LIBRARY / "smoke.yaml")], stdout=full, stderr=subprocess.PIPE, timeout=300)
        self.assertEqual(done.returncode, 74, done.stderr)

    def test_an_interrupted_run_writes_what_it_has(self):
        for how, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(how.name):
                running = subprocess.Popen([str(BINARY), "run", str(LIBRARY / "marketplace-year.yaml"), "--out", f"out-{code}"], cwd=self.folder,
                                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
                begun = self.folder / f"out-{code}"
                for _ in range(600):  # the folder is made just before signals are heeded; one before that would end the process in the plain way
                    time.sleep(0.5)
                    if begun.exists():
                        break
                time.sleep(1)
                running.send_signal(how)
                output, errors = running.communicate(timeout=300)
                self.assertEqual(running.returncode, code, output + errors)
                result = json.loads((self.folder / f"out-{code}/result.json").read_text(encoding="utf-8"))
                self.assertTrue(result["run"]["interrupted"])
                self.assertLess(result["orders"]["placed"], 20_000_000)

    def test_a_reader_that_goes_away_does_not_change_the_exit_code(self):
        done = subprocess.run(["bash", "-c", f"'{BINARY}' run '{LIBRARY / 'smoke.yaml'}' | true; exit ${{PIPESTATUS[0]}}"], capture_output=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)

    @unittest.skipUnless(shutil.which("cmake"), "cmake installs it")
    def test_an_installation_finds_its_scenarios_by_name(self):
        build = next((folder for folder in BINARY.parents if (folder / "cmake_install.cmake").exists() and (folder / "CMakeCache.txt").exists()), None)
        self.assertIsNotNone(build)
        subprocess.run(["cmake", "--install", str(build), "--prefix", str(self.folder / "there")], check=True, capture_output=True)
        done = subprocess.run([str(self.folder / "there/bin/dueprocess"), "run", "smoke"], cwd=self.folder, capture_output=True, text=True, encoding="utf-8")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
