#!/usr/bin/env python3
"""Does what a document says: runs its fenced blocks that are marked ```sh runnable, in order, in one empty folder.

    run_document.py DOCUMENT SOURCE_ROOT BINARY_FOLDER

The folder sees the tree's scenarios/ as its own, and the binaries come first on PATH. A block must end with exit code 0, or with
N where it is marked `runnable exit=N`. A document without such a block is a mistake of whoever listed it.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```sh runnable(?: exit=(\d+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main():
    document, root, binaries = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
    text = document.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    if not blocks:
        print(f"{document}: nothing in it is marked as runnable")
        return 1
    environment = dict(os.environ, PATH=f"{binaries}:{os.environ['PATH']}", NO_COLOR="1")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "scenarios").symlink_to(root / "scenarios")
        for block in blocks:
            line = text.count("\n", 0, block.start()) + 1
            expected = int(block.group(1) or 0)
            print(f"{document.name}:{line}:\n{block.group(2)}", flush=True)
            done = subprocess.run(["bash", "-eu", "-o", "pipefail", "-c", block.group(2)], cwd=folder, env=environment, stdin=subprocess.DEVNULL)
            if done.returncode != expected:
                print(f"{document.name}:{line}: exit code {done.returncode}, the document promises {expected}", flush=True)
                failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
