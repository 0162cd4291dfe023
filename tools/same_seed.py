#!/usr/bin/env python3
"""The same scenario and seed must give the same result file, its `run` part aside, on every run and any number of threads.

    same_seed.py DUEPROCESS SCENARIO...
"""
import json
import pathlib
import subprocess
import sys
import tempfile


def result_of(binary, scenario, threads, folder):
    out = pathlib.Path(folder, f"{pathlib.Path(scenario).stem}-{threads}-threads")
    command = [binary, "run", scenario, "--threads", str(threads), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1, 2):
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    del result["run"]
    return json.dumps(result, indent=1)


def main():
    binary, scenarios = sys.argv[1], sys.argv[2:]
    failed = 0
    for scenario in scenarios:
        with tempfile.TemporaryDirectory() as folder:
            first, *others = [result_of(binary, scenario, threads, folder) for threads in (1, 1, 2, 7)]
        same = all(other == first for other in others)
        failed |= not same
        print(f"{scenario}: {'the same result four times' if same else 'RESULTS DIFFER'}")
        for other in others:
            for a, b in zip(first.splitlines(), other.splitlines()):
                if a != b:
                    print(f"  {a.strip()}   against   {b.strip()}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
