#!/usr/bin/env python3
"""Writes the tables of docs/detection.md: which invariant finds which seeded bug, in which shipped scenario.

    detection.py DUEPROCESS            runs `prove --all-profiles` (a release build: minutes) and writes docs/detection.md and
                                       docs/detection.json anew
    detection.py DUEPROCESS --check    runs `prove` up to each bug's first finder (seconds) and compares; exit code 1: not up to date

What stands outside the markers in detection.md is written by people and left alone.
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/detection.md"
DATA = ROOT / "docs/detection.json"
OTHER_FINDERS = {"case", "expectation", "stall"}
ORDER = "T1 T2 T3 T4 T5 T6 T7 A1 A2 A3 A4 G1 G2 G3 G4 G5 M1 M2 M3 M4 N1 N2 N3 N4 R1 R2 R3 R4".split()


def prove(binary, *options):
    run = subprocess.run([binary, "prove", "--json", "-", "-q", *options], cwd=ROOT, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(f"{binary} prove: exit code {run.returncode}\n{run.stderr}")
    return json.loads(run.stdout)


def bugs_of(binary):
    text = subprocess.run([binary, "bugs"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^([BS]\d\d[a-z]?) ", text, re.M)


def by_bug(matrix):
    """{bug: {profile: {invariant: orders until found}}}, what was found in the order in which it was; and the profiles."""
    bugs, profiles = {}, []
    for entry in matrix:
        found = bugs.setdefault(entry["bug"], {})
        if entry["profile"] not in profiles:
            profiles.append(entry["profile"])
        if entry["found"]:
            found.setdefault(entry["profile"], {})[entry["invariant"]] = entry["orders_until_found"]
    return bugs, profiles


def first_of(found):
    """What `prove` without options says of a bug: the first profile that finds it, what does, after how many orders."""
    for profile, finders in found.items():
        for invariant, orders in finders.items():
            return profile, invariant, orders
    return None


def in_order(invariants):
    return sorted(invariants, key=lambda i: (ORDER + sorted(OTHER_FINDERS)).index(i))


def matrix_table(bugs):
    lines = ["| bug | found by | in | after orders | all that find it, anywhere |", "| --- | --- | --- | --- | --- |"]
    for bug, found in bugs.items():
        if not found:
            lines.append(f"| {bug} | **not found** | | | |")
            continue
        profile, invariant, orders = first_of(found)
        everywhere = in_order(set().union(*found.values()))
        lines.append(f"| {bug} | {invariant} | {profile} | {orders or ''} | {' '.join(everywhere)} |")
    return lines


def profiles_table(bugs, profiles):
    lines = ["| profile | bugs found | only here |", "| --- | --- | --- |"]
    for profile in profiles:
        here = [bug for bug, found in bugs.items() if profile in found]
        only = [bug for bug in here if len(bugs[bug]) == 1]
        lines.append(f"| {profile} | {len(here)} | {' '.join(only)} |")
    return lines


def invariants_table(bugs):
    finders = {bug: set().union(*found.values()) - OTHER_FINDERS for bug, found in bugs.items()}
    lines = ["| invariant | bugs that break it | found by nothing else |", "| --- | --- | --- |"]
    for invariant in ORDER:
        breaking = [bug for bug, by in finders.items() if invariant in by]
        alone = [bug for bug, by in finders.items() if by == {invariant}]
        if breaking:
            lines.append(f"| {invariant} | {len(breaking)} | {' '.join(alone) or '**none**'} |")
    return lines


def between(page, name, lines):
    begin, end = f"<!-- {name}: tools/detection.py -->", f"<!-- end of {name} -->"
    if begin not in page or end not in page:
        sys.exit(f"{PAGE}: the markers of {name} are missing")
    return page[:page.index(begin)] + begin + "\n" + "\n".join(lines) + "\n" + page[page.index(end):]


def main():
    if len(sys.argv) not in (2, 3) or (len(sys.argv) == 3 and sys.argv[2] != "--check"):
        sys.exit(__doc__)
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    if len(sys.argv) == 2:
        bugs, profiles = by_bug(prove(binary, "--all-profiles")["matrix"])
        lines = [f"{json.dumps(bug)}: {json.dumps(found)}" for bug, found in bugs.items()]
        DATA.write_text('{"profiles": ' + json.dumps(profiles) + ',\n"bugs": {\n' + ",\n".join(lines) + "}}\n")
    data = json.loads(DATA.read_text())
    bugs, profiles = data["bugs"], data["profiles"]
    page = between(PAGE.read_text(), "score", [f"{sum(map(bool, bugs.values()))} of {len(bugs)} bugs are found."])
    page = between(page, "matrix", matrix_table(bugs))
    page = between(page, "profiles", profiles_table(bugs, profiles))
    page = between(page, "invariants", invariants_table(bugs))
    if len(sys.argv) == 2:
        PAGE.write_text(page)
        return 0

    problems = []
    if page != PAGE.read_text():
        problems.append("docs/detection.md does not show what docs/detection.json holds")
    if list(bugs) != bugs_of(binary):
        problems.append("docs/detection.json is of other bugs than there are")
    for entry in prove(binary)["matrix"]:
        now = (entry["profile"], entry["invariant"], entry["orders_until_found"]) if entry["found"] else None
        then = first_of(bugs.get(entry["bug"], {}))
        if now != then:
            problems.append(f"{entry['bug']}: {now}, and docs/detection.json begins with {then}")
    for problem in problems:
        print(problem)
    if problems:
        print("write it anew with a release build: tools/detection.py build/release/harness/main/dueprocess")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
