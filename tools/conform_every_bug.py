#!/usr/bin/env python3
"""Explores every seeded bug with `dueprocess conform` and prints, for docs/conform.md, which invariants it breaks and in how many steps.

    conform_every_bug.py DUEPROCESS DEPTH [BUG ...]
"""
import json
import re
import subprocess
import sys
import tempfile


def main():
    program, depth, wanted = sys.argv[1], sys.argv[2], sys.argv[3:]
    listed = subprocess.run([program, "bugs"], capture_output=True, text=True).stdout
    bugs = wanted or re.findall(r"^\s*([A-Z]\d\d[a-z]?)\b", listed, re.M)
    found, missed = [], []
    with tempfile.TemporaryDirectory() as folder:
        for bug in bugs:
            out = f"{folder}/{bug}.json"
            done = subprocess.run([program, "conform", "--depth", depth, "--bug", bug, "--quiet", "--json", out], capture_output=True, text=True)
            broken = json.load(open(out))["broken"]
            if done.returncode == 1 and broken:
                found.append((bug, ", ".join(f'{one["invariant"]} (R{one["rule"][1:]})' for one in broken)))
            else:
                missed.append(bug)
    print("| bug | breaks |\n| --- | --- |")
    for bug, broken in found:
        print(f"| {bug} | {broken} |")
    print(f"\n{len(found)} of {len(bugs)} found; not: {', '.join(missed) or 'none'}")


main()
