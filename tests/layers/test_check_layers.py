#!/usr/bin/env python3
"""The layer check is itself checked: a sound tree passes, and each way to break the rules turns it red."""
import pathlib
import tempfile
import unittest

import check_layers

LAYERS = """
sim/kernel: kernel:
sim/workflow: workflow: kernel
sim/engine: engine: kernel workflow
harness/record: record: kernel workflow
harness/oracle: oracle: record kernel workflow
"""


class Tree(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        self.write("sim/kernel/time.hpp", "#include <chrono>\n")
        self.write("sim/workflow/order.hpp", '#include "sim/kernel/time.hpp"\n')
        self.write("sim/engine/engine.hpp", '#include "sim/workflow/order.hpp"\n#include "sim/engine/bugs.hpp"\n')
        self.write("harness/record/tally.hpp", "#include <vector>\n")
        self.write("harness/oracle/oracle.hpp", '#include "harness/record/tally.hpp"\n')

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def findings(self, layers=LAYERS):
        return list(check_layers.check(self.root, check_layers.read_layers(layers)))

    def assert_found(self, words, layers=LAYERS):
        found = self.findings(layers)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def test_a_sound_tree_has_no_findings(self):
        self.assertEqual(self.findings(), [])

    def test_the_oracle_must_not_include_the_engine(self):
        self.write("harness/oracle/oracle.cpp", '\n#include "sim/engine/engine.hpp"\n')
        self.assert_found("harness/oracle/oracle.cpp:2: oracle includes sim/engine/engine.hpp")

    def test_angle_brackets_do_not_hide_an_include(self):
        self.write("harness/oracle/oracle.cpp", "#  include <sim/engine/engine.hpp>\n")
        self.assert_found("oracle includes sim/engine/engine.hpp")

    def test_an_include_that_is_switched_off_counts_too(self):
        self.write("sim/kernel/a.cpp", '#if 0\n#include "sim/workflow/order.hpp"\n#endif\n')
        self.assert_found("kernel includes sim/workflow/order.hpp")

    def test_declaring_the_engine_to_the_oracle_does_not_help(self):
        self.write("harness/oracle/oracle.cpp", '#include "sim/engine/engine.hpp"\n')
        self.assert_found("oracle reaches engine", LAYERS.replace("oracle: record", "oracle: engine record"))

    def test_neither_does_going_round_by_another_layer(self):
        found = self.findings(LAYERS.replace("record: kernel", "record: engine kernel"))
        self.assertTrue(any("oracle reaches engine" in finding for finding in found), found)

    def test_threads_files_clocks_and_http_stay_out_of_the_simulation(self):
        for header in ["thread", "mutex", "atomic", "fstream", "filesystem", "ctime", "sys/time.h", "random", "boost/asio/io_context.hpp", "yaml-cpp/yaml.h"]:
            with self.subTest(header):
                self.write("sim/workflow/a.cpp", f"#include <{header}>\n")
                self.assert_found(f"<{header}>")

    def test_relative_includes_are_refused(self):
        self.write("sim/engine/engine.cpp", '#include "engine.hpp"\n')
        self.assert_found("is relative")

    def test_quoted_includes_of_nothing_are_refused(self):
        self.write("sim/engine/engine.cpp", '#include "fmt/format.h"\n')
        self.assert_found("belongs to no layer")

    def test_a_circle_is_refused(self):
        found = self.findings(LAYERS.replace("kernel:\n", "kernel: workflow\n"))
        self.assertTrue(any("in a circle" in finding for finding in found), found)

    def test_seeing_a_layer_that_does_not_exist_is_refused(self):
        self.assert_found("'kernle', which is no layer", LAYERS.replace("workflow: kernel", "workflow: kernel kernle"))

    def test_a_layer_without_files_is_refused(self):
        self.assert_found("has no files", LAYERS + "sim/market: market: kernel\n")


if __name__ == "__main__":
    unittest.main()
