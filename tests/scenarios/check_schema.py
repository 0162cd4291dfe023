#!/usr/bin/env python3
"""Holds the JSON Schema to the reader, by an outside validator.

    check_schema.py PRINT_SCENARIO DOCUMENTS LIBRARY [--binding]

- the schema is itself right;
- every document that the reader takes, the schema takes: DOCUMENTS/right/*.yaml and the library;
- every document in DOCUMENTS/wrong/*.yaml both refuse;
- every key of the schema is one the reader knows, and a key with a letter changed neither knows;
- every key of the schema is used by some right document, so that the above says something.
"""
import copy
import json
import pathlib
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed: skipped")
    sys.exit(77)

program, documents, library = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
kind = sys.argv[4:]  # --binding: bindings, rather than scenarios
failures = []


def run(args, text):
    done = subprocess.run([program, *kind, *args], input=text.encode(), capture_output=True, check=False)
    return done.returncode, done.stdout.decode()


def fail(what):
    failures.append(what)
    print("FAILED:", what)


schema = json.loads(run(["--schema"], "")[1])
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)


def tree_of(text):
    return json.loads(run(["--tree"], text)[1])


def mappings(node, path=""):
    """Every schema of a mapping with fixed keys, with its path in the schema."""
    if isinstance(node, dict):
        if "properties" in node and (kind or path.count("$defs") == 0):
            yield path, node
        for key, value in node.items():
            yield from mappings(value, f"{path}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from mappings(value, f"{path}/{index}")


def keys_used(tree):
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key
            yield from keys_used(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from keys_used(value)


def places(tree, path=()):
    """Every mapping of a document, as the path that leads to it."""
    if isinstance(tree, dict):
        yield path
        for key, value in tree.items():
            yield from places(value, path + (key,))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from places(value, path + (index,))


def at(tree, path):
    for part in path:
        tree = tree[part]
    return tree


# A name of the author's own may be anything there.
OWN_NAMES = {"personas", "choice", "hours"} if not kind else {"headers", "send", "key", "stamp", "body", "form"}

used = set()
right = sorted((documents / "right").glob("*.yaml"))
for file in right + sorted(library.glob("*.yaml")):
    text = file.read_text(encoding="utf-8")
    tree = tree_of(text)
    for error in validator.iter_errors(tree):
        fail(f"{file.name}: the schema refuses {error.json_path}: {error.message[:200]}")
    if file in right:
        code, told = run([str(file.parent)], text)
        if code != 0:
            fail(f"{file.name}: the reader refuses it: {told}")
        used.update(keys_used(tree))
        for path in places(tree):
            if OWN_NAMES & {part for part in path[-1:] if not kind} or (kind and OWN_NAMES & set(path)):
                continue
            for key in at(tree, path):
                changed = copy.deepcopy(tree)
                mapping = at(changed, path)
                mapping[key + "x"] = mapping.pop(key)
                if validator.is_valid(changed):
                    fail(f"{file.name}: the schema takes {'.'.join(map(str, path + (key + 'x',)))}")
                if run([str(file.parent)], json.dumps(changed))[0] == 0:
                    fail(f"{file.name}: the reader takes {'.'.join(map(str, path + (key + 'x',)))}")

for file in sorted((documents / "wrong").glob("*.yaml")):
    text = file.read_text(encoding="utf-8")
    if validator.is_valid(tree_of(text)):
        fail(f"{file.name}: the schema takes it")
    if run([str(file.parent)], text)[0] == 0:
        fail(f"{file.name}: the reader takes it")

count = 0
for path, mapping in mappings(schema):
    for key in mapping["properties"]:
        count += 1
        if key not in used:
            fail(f"no right document has the key {key} ({path})")
print(f"{len(right)} documents, {count} keys, {len(failures)} failures")
sys.exit(1 if failures else 0)
