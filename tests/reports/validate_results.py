#!/usr/bin/env python3
"""Results against their JSON Schema, by an independent validator. Exit code 77 where there is none: the test is skipped.

    validate_results.py PRINT_RESULT
"""
import json
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)


def printed(what):
    return json.loads(subprocess.run([sys.argv[1], what], check=True, capture_output=True).stdout)


schema = printed("schema")
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for what in ("good", "bad", "empty"):
    problems = list(validator.iter_errors(printed(what)))
    assert not problems, f"{what}: {problems}"

wrong = printed("good")
wrong["verdict"] = "fine"
del wrong["orders"]["open"]
assert len(list(validator.iter_errors(wrong))) == 2, "the schema lets anything pass"
