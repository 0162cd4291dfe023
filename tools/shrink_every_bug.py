#!/usr/bin/env python3
"""Shrinks every seeded bug from the first shipped scenario that meets it, and runs what comes out: it must fail with the bug and
pass without it. Prints a table for docs/shrink.md and ends with 1 if a bug is left out or a case does not do that.

    shrink_every_bug.py DUEPROCESS [BUG ...]
"""
import re
import resource
import statistics
import subprocess
import sys
import tempfile

SCENARIOS = ["smoke", "rules", "rules-delivery", "rules-limits", "rules-restarts", "rules-calendar", "rules-due-date", "deadline-huggers",
             "sweeps", "starved-sweep", "clocks", "herds", "dst-weeks", "leap-day", "long-reviews", "silence", "marketplace-week",
             "marketplace-year"]


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def call(*words):
    return subprocess.run(words, capture_output=True, text=True)


def shrink(program, bug, folder):
    for scenario in SCENARIOS:
        case = f"{folder}/{bug}.yaml"
        began = cpu_seconds()
        done = call(program, "shrink", scenario, "--bug", bug, "--for", "60s", "--out", case)
        if done.returncode == 0:
            return scenario, case, cpu_seconds() - began, done.stderr
        if "nothing was violated" not in done.stderr:
            print(f"{bug}: {scenario}: {done.stderr.strip()}", file=sys.stderr)
    return None


def main():
    program, wanted = sys.argv[1], sys.argv[2:]
    bugs = wanted or [b for b in re.findall(r"^\s*([A-Z]\d\d[a-z]?)\b", call(program, "bugs").stdout, re.M)]
    rows, bad = [], []
    with tempfile.TemporaryDirectory() as folder:
        for bug in bugs:
            found = shrink(program, bug, folder)
            if not found:
                bad.append(bug)
                continue
            scenario, case, seconds, told = found
            one_cell = ["--one-cell"] if "--one-cell" in open(case).read() else []
            if call(program, "run", case, "--bug", bug, "--quiet", *one_cell).returncode != 1 or \
                    call(program, "run", case, "--quiet", *one_cell).returncode != 0:
                bad.append(bug)
            words = re.search(r"shrunk to ([\d,]+) orders?, ([\d,]+) operations?, ([\d,]+) faults?(?: \(and ([\d,]+) order)?", told)
            sizes = [int((part or "0").replace(",", "")) for part in words.groups()]
            before = re.search(r"([\d,]+) operations, shrunk", told)[1]
            rows.append((bug, told.split(" ", 1)[0], scenario, before, *sizes, seconds))
    print("| bug | breaks | from | operations before | orders | operations | faults | idle orders | CPU s |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row[:-1]) + f" | {row[-1]:.2f} |")
    if rows:
        print(f"\n{len(rows)} of {len(bugs)} bugs; median: " +
              ", ".join(f"{statistics.median(row[i] for row in rows):g} {what}" for i, what in ((4, "orders"), (5, "operations"), (6, "faults"))) +
              f", {statistics.median(row[8] for row in rows):.2f} CPU s; most: {max(row[5] for row in rows)} operations, {max(row[8] for row in rows):.1f} CPU s")
    if bad:
        print("not shrunk, or not a round trip: " + ", ".join(bad), file=sys.stderr)
    return 1 if bad else 0


sys.exit(main())
