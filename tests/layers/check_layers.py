#!/usr/bin/env python3
"""Holds every folder to what its dueprocess_layer() declares: which layers it may include, and what must stay out of it.

    check_layers.py SOURCE_ROOT LAYERS_FILE

LAYERS_FILE is written by CMake, a layer a line: `folder: name: names of the layers it sees`. Looked at is every #include
line of every file below the folder, also in branches of the preprocessor that are switched off. As each layer's own lines
are held to its own declaration, the declarations' closure bounds what it can reach; LAWS bounds the declarations.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*(?:include|import)\s*([<"])([^>"]+)[>"]')
SOURCES = {".hpp", ".cpp", ".h", ".inc", ".ipp"}

# (a layer, what it must not reach, not even by way of the layers it sees, why)
LAWS = [
    ("sim/*", "scenarios/*", "the simulation knows no files"),
    ("sim/*", "harness/*", "the simulation does not know who drives or judges it"),
    ("sim/*", "reports", "the simulation does not know who reports"),
    ("sim/engine", "sim/market", "what is tested does not know who asks"),
    ("sim/market", "sim/engine", "actors know what they are told, nothing else"),
    ("harness/target/*", "sim/engine", "a live service is spoken to by what is written, not by what the engine is"),
    ("harness/target/*", "harness/oracle", "what speaks to a service does not judge it"),
    ("scenarios/*", "sim/engine", "a scenario holds for any target"),
    ("harness/record", "sim/engine", "the waist fits every target"),
    ("harness/oracle*", "sim/engine", "the oracle judges from observations alone"),
    ("harness/oracle*", "sim/market", "the oracle judges from observations alone"),
    ("harness/oracle*", "harness/drive", "the oracle judges from observations alone"),
    ("harness/oracle*", "harness/target", "the oracle judges from observations alone"),
    ("harness/capacity", "harness/drive", "the search for a capacity measures nothing itself"),
    ("harness/capacity", "harness/target*", "the search for a capacity measures nothing itself"),
    ("reports", "sim/engine", "reports read what was recorded"),
    ("reports", "harness/oracle*", "reports read what was recorded"),
    ("reports", "harness/drive", "reports read what was recorded"),
    ("reports/*", "sim/engine", "reports read what was recorded"),
    ("reports/*", "harness/oracle*", "reports read what was recorded"),
    ("reports/*", "harness/drive", "reports read what was recorded"),
]

# Headers of the outside world, by what they bring in.
THREADS = r"thread|mutex|shared_mutex|condition_variable|future|atomic|stop_token|semaphore|latch|barrier|execution|pthread\.h"
FILES = r"fstream|filesystem|iostream|fcntl\.h|unistd\.h|dirent\.h|sys/.*"
CLOCKS = r"ctime|time\.h|sys/time\.h|sys/times\.h"
CHANCE = r"random"
HTTP = r"boost/(asio|beast|url).*|openssl/.*|netdb\.h|netinet/.*|arpa/.*|curl/.*"
TEXT = r"yaml-cpp/.*|boost/json.*|CLI/.*"
# folders, headers that their files must not include, why
OUTSIDE = [
    (("sim/", "harness/record/", "harness/oracle/"), f"{THREADS}|{FILES}|{CLOCKS}|{CHANCE}|{HTTP}|{TEXT}",
     "no HTTP, files, threads, real clocks, std chance or text formats here"),
    (("scenarios/",), f"{THREADS}|{CLOCKS}|{CHANCE}|{HTTP}", "no HTTP, threads, real clocks or std chance here"),
    (("reports/",), f"{CLOCKS}|{CHANCE}|{HTTP}", "no HTTP, real clocks or std chance here"),
]


class Layer:
    def __init__(self, folder, name, sees):
        self.folder, self.name, self.sees = folder, name, sees


def read_layers(text):
    layers = []
    for line in filter(None, map(str.strip, text.splitlines())):
        folder, name, sees = (part.strip() for part in line.split(":"))
        layers.append(Layer(folder, name, sees.split()))
    return layers


def closure(layer, by_name):
    reached, waiting = set(), list(layer.sees)
    while waiting:
        name = waiting.pop()
        if name in reached or name not in by_name:
            continue
        reached.add(name)
        waiting += by_name[name].sees
    return reached


def matches(folder, pattern):
    return folder.startswith(pattern[:-1]) if pattern.endswith("*") else folder == pattern


def check_declarations(layers):
    by_name = {layer.name: layer for layer in layers}
    for layer in layers:
        for seen in layer.sees:
            if seen not in by_name:
                yield f"{layer.folder}/CMakeLists.txt: {layer.name} sees '{seen}', which is no layer"
        reached = closure(layer, by_name)
        if layer.name in reached:
            yield f"{layer.folder}/CMakeLists.txt: {layer.name} sees itself in a circle"
        for who, what, why in LAWS:
            for name in sorted(reached):
                if matches(layer.folder, who) and matches(by_name[name].folder, what):
                    yield f"{layer.folder}/CMakeLists.txt: {layer.name} reaches {name}: {why}"


def layer_of(path, layers):
    """The layer with the longest folder that holds the path."""
    holding = [layer for layer in layers if path.startswith(layer.folder + "/")]
    return max(holding, key=lambda layer: len(layer.folder), default=None)


def check_line(path, number, layer, layers, root, quote, target):
    where = f"{path}:{number}: "
    other = layer_of(target, layers)
    if other is None and quote == '"':
        if (root / path).parent.joinpath(target).exists():
            yield where + f'"{target}" is relative; write the path from the top of the tree'
        else:
            yield where + f'"{target}" belongs to no layer; write outside headers in <>'
    elif other is not None and other is not layer and other.name not in layer.sees:
        yield where + f"{layer.name} includes {target}, but it sees only: {' '.join(layer.sees) or 'nothing'}"
    elif other is None:
        for folders, headers, why in OUTSIDE:
            if path.startswith(folders) and re.fullmatch(headers, target):
                yield where + f"<{target}>: {why}"


def check(root, layers):
    yield from check_declarations(layers)
    for layer in layers:
        files = sorted(p for p in (root / layer.folder).rglob("*") if p.suffix in SOURCES)
        if not files:
            yield f"{layer.folder}: the layer {layer.name} has no files"
        for file in files:
            path = file.relative_to(root).as_posix()
            if layer_of(path, layers) is not layer:
                continue  # a layer of its own further down
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                include = INCLUDE.match(line)
                if include:
                    yield from check_line(path, number, layer, layers, root, *include.groups())


def main():
    root, layers_file = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    layers = read_layers(layers_file.read_text(encoding="utf-8"))
    findings = list(check(root, layers)) if layers else [f"{layers_file}: no layers"]
    for finding in findings:
        print(finding)
    print(f"{len(layers)} layers, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
