#!/usr/bin/env python3
"""Words that stand nowhere in the sources but in their homes: what would let real time or chance into a result.

    check_words.py SOURCE_ROOT

Comments and strings count too: who needs such a word to explain something can say it in other words.
"""
import pathlib
import re
import sys

CODE = {".hpp", ".cpp", ".h", ".inc", ".ipp"}
CODE_FOLDERS = ("sim", "scenarios", "harness", "reports", "tests")
TEXT = CODE | {".cmake", ".txt", ".json", ".md", ".py", ".sh", ".yaml", ".yml", ".csv"}
TEXT_FOLDERS = CODE_FOLDERS + ("cmake", "docs", "tools", "examples")
CLOCK_HOMES = ("harness/drive/process_facts.cpp", "harness/target/http/run_clock.cpp", "harness/service/real_time.cpp",
               "harness/main/", "tests/bench/")

# (pattern, where it may stand, why not elsewhere)
IN_CODE = [
    (r"\b(?:system|steady|high_resolution|utc|file)_clock\b", CLOCK_HOMES, "real time; take the simulation's clock"),
    (r"\b(?:gettimeofday|clock_gettime|ftime|timespec_get|clock)\s*\(|\bstd::time\s*\(|\btime\s*\(\s*(?:0|NULL|nullptr)\s*\)", CLOCK_HOMES,
     "real time; take the simulation's clock"),
    (r"\b(?:local|gm|mk)time(?:_r)?\s*\(|\bcurrent_zone\b", (), "the machine's zone; a zone is named"),
    (r"\b(?:u|nano)?sleep(?:_for|_until)?\s*\(", ("harness/main/",), "waiting in real time; wait for what is to happen"),
    (r"\bs?rand(?:om)?(?:_r)?\s*\(|\bdrand48\b|\brandom_device\b|\bmt19937|\bdefault_random_engine\b|\bminstd_rand", (),
     "chance that does not repeat everywhere; take Draws"),
    (r"\bstd::\w+_distribution\b", (), "differs between libraries; take Distribution"),
    (r"\b(?:f|fre|fd|p)open\s*\(", (), "files are opened by streams, outside the simulation"),
    (r"\bstd::random_shuffle\b|\bstd::shuffle\b|\bstd::sample\b", (), "differs between libraries"),
]
IN_TEXT = [
    (r"\b(?:TODO|FIXME|XXX|HACK)\b", ("tests/layers/",), "unfinished work"),
    (r"(?<![\w.:/])/(?:home|Users)/\w+", ("tests/layers/",), "a path of one machine"),
]


def findings(root):
    for folders, suffixes, rules in ((CODE_FOLDERS, CODE, IN_CODE), (TEXT_FOLDERS, TEXT, IN_TEXT)):
        compiled = [(re.compile(pattern), homes, why) for pattern, homes, why in rules]
        for folder in folders:
            for file in sorted(p for p in (root / folder).rglob("*") if p.suffix in suffixes and p.is_file()):
                path = file.relative_to(root).as_posix()
                for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                    for pattern, homes, why in compiled:
                        found = pattern.search(line)
                        if found and not path.startswith(homes or ("\0",)):
                            yield f"{path}:{number}: '{found.group(0).strip()}': {why}"


def main():
    found = list(findings(pathlib.Path(sys.argv[1])))
    for finding in found:
        print(finding)
    print(f"{len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
