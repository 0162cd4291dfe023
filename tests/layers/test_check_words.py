#!/usr/bin/env python3
"""The word check is itself checked: each banned word turns it red outside its home, and near misses do not."""
import pathlib
import tempfile
import unittest

import check_words


class Words(unittest.TestCase):
    def found_in(self, path, line):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True)
            file.write_text("first line\n" + line + "\n", encoding="utf-8")
            return list(check_words.findings(pathlib.Path(folder)))

    def test_each_banned_word_is_found_with_its_line(self):
        for line in [
            "auto t = std::chrono::system_clock::now();",
            "std::chrono::steady_clock::now()",
            "time(nullptr)",
            "clock_gettime(CLOCK_REALTIME, &t);",
            "localtime(&t)",
            "std::this_thread::sleep_for(1ms);",
            "usleep(3);",
            "int x = rand();",
            "std::random_device d;",
            "std::mt19937_64 g;",
            "std::uniform_int_distribution<int> d;",
            "// TODO later",
        ]:
            with self.subTest(line):
                found = self.found_in("sim/market/a.cpp", line)
                self.assertEqual(len(found), 1, found)
                self.assertTrue(found[0].startswith("sim/market/a.cpp:2: "), found)

    def test_near_misses_are_not_found(self):
        for line in ["operand(3)", "completion_time(order)", "restart_clock_(3)", "a sleepy seller", "Distribution::uniform(1, 2)", "brand(x)", "sys_time<Duration>"]:
            with self.subTest(line):
                self.assertEqual(self.found_in("sim/market/a.cpp", line), [])

    def test_a_word_may_stand_in_its_home(self):
        self.assertEqual(self.found_in("harness/drive/process_facts.cpp", "std::chrono::steady_clock::now()"), [])

    def test_documents_are_looked_at_too(self):
        self.assertEqual(len(self.found_in("docs/a.md", "see /home/somebody/notes")), 1)


if __name__ == "__main__":
    unittest.main()
