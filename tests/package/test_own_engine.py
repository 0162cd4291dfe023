#!/usr/bin/env python3
"""Installs a build into a folder of its own, builds examples/own-engine against that alone, and judges it.

    test_own_engine.py BUILD_FOLDER SOURCE_ROOT CXX_COMPILER [unittest arguments]
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, ROOT = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
COMPILER = sys.argv[3]


class OwnEngine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        # Moved after it was installed: nothing in it may name where it first was, nor the tree it was built from.
        cls.must("cmake", "--install", BUILD, "--prefix", cls.folder / "first")
        (cls.folder / "first").rename(cls.folder / "there")
        shutil.copytree(ROOT / "examples" / "own-engine", cls.folder / "example")
        launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        cls.must("cmake", "-S", cls.folder / "example", "-B", cls.folder / "build", "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={COMPILER}",
                 f"-DCMAKE_PREFIX_PATH={cls.folder / 'there'}", *launcher)
        cls.must("cmake", "--build", cls.folder / "build")

    @classmethod
    def must(cls, *command):
        done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=500)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, command))} failed:\n{done.stdout}")

    def program(self, *arguments, name="own-engine"):
        return subprocess.run([self.folder / "build" / name, *arguments], cwd=self.folder, capture_output=True, text=True, encoding="utf-8",
                              stdin=subprocess.DEVNULL, timeout=300)

    def test_it_keeps_every_rule_in_every_scenario_of_rules_but_that_of_calendar_days(self):
        names = sorted(path.stem for path in (ROOT / "scenarios" / "library").glob("rules*.yaml"))
        self.assertGreaterEqual(len(names), 5)
        for name in names:
            if name == "rules-calendar":
                continue
            with self.subTest(name):  # by its name: from the installed scenarios
                done = self.program("run", name, "--summary", "compact")
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertIn("VERDICT: ok", done.stdout)

    def test_a_mistake_in_it_is_found_and_the_command_that_is_named_shows_it(self):
        done = self.program("run", "rules", name="own-engine-with-a-bug")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("T1 never early", done.stdout)
        command = re.search(r"own-engine-with-a-bug (replay .* --order \d+)", done.stdout[done.stdout.index("T1 never early"):]).group(1)
        shown = self.program(*command.split(), name="own-engine-with-a-bug")
        self.assertEqual(shown.returncode, 1, shown.stdout + shown.stderr)
        self.assertIn("✗ T1 ", shown.stdout)

    def test_what_it_cannot_do_is_said_and_the_target_is_unusable(self):
        done = self.program("run", "rules-calendar")
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertIn("days of 24 hours only", done.stderr)

    def test_bugs_of_the_built_in_engine_cannot_be_seeded_in_it(self):
        done = self.program("run", "rules", "--bug", "B05")
        self.assertEqual(done.returncode, 64, done.stdout + done.stderr)
        self.assertIn("built-in engine", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
