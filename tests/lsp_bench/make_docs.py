#!/usr/bin/env python3
"""Write documents of a wanted length to measure language servers on.

make_docs.py DIR SCHEMA [--lines 60 5000] writes, for each length N,
  scf-N/serverless.containers.yml   a container app with three planted mistakes
  scf-N/yamlls.json                 settings with which a server for YAML finds them by the schema
  py-N/app.py                       Python of the same length, with unused imports
The documents depend on nothing but N.
"""
import argparse
import json
from pathlib import Path

LAMBDA = """\
  {name}:
    src: ./{name}
    routing:
      pathPattern: /{name}/*
      pathHealthCheck: /health
    compute:
      type: awsLambda
      awsLambda:
        memory: 1024
        timeout: 6
    environment:
      LOG_LEVEL: info
      TABLE: table-{n}
    dev:
      hotReload: true
"""
FARGATE = """\
  {name}:
    src: ./{name}
    routing:
      pathPattern: /{name}/*
    compute:
      type: awsFargateEcs
      awsFargateEcs:
        cpu: 512
        memory: 1024
        scale:
          - type: min
            min: 1
          - type: max
            max: 4
    environment:
      LOG_LEVEL: info
      QUEUE: queue-{n}
"""


def containers(lines):
    out = ["# generated", "name: bench", "", "deployment:", "  type: aws@1.0", "", "containers:"]
    n = 0
    while len(out) < lines:
        block = (LAMBDA if n % 2 == 0 else FARGATE).format(name=f"service-{n}", n=n).rstrip("\n").split("\n")
        if len(out) + len(block) > lines:
            out += [f"# pad {k}" for k in range(lines - len(out))]
            break
        out += block
        n += 1
    # a wrong enum, a wrong type, an unknown key
    for at, (old, new) in {0: ("type: awsLambda", "type: lamda"), 1: ("hotReload: true", "hotReload: maybe"),
                           2: ("environment:", "enviroment:")}.items():
        hits = [i for i, l in enumerate(out) if l.strip() == old]
        out[hits[min(at * len(hits) // 3, len(hits) - 1)]] = out[hits[min(at * len(hits) // 3, len(hits) - 1)]].replace(old, new)
    return "\n".join(out) + "\n"


def python(lines):
    out = ["\"\"\"Generated.\"\"\"", "", "import os", "import sys", "import json", "", ""]
    n = 0
    while len(out) < lines:
        out += [f"def service_{n}(value):", f"    \"\"\"Service {n}.\"\"\"", "    total = 0", "    for item in value:",
                "        if item > 3:", "            total += item", f"    print(json.dumps({{\"n\": {n}, \"total\": total}}))", "    return total", "", ""]
        n += 1
    return "\n".join(out[:lines]) + "\n"      # `import os`, `import sys` are unused; the cut may leave a short last block


def main():
    p = argparse.ArgumentParser()
    p.add_argument("dir", type=Path)
    p.add_argument("schema", type=Path, help="the schema that the YAML server is told of")
    p.add_argument("--lines", type=int, nargs="*", default=[60, 5000])
    o = p.parse_args()
    settings = {"yaml": {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False},
                         "schemas": {o.schema.resolve().as_uri(): "serverless.containers.yml"}, "maxItemsComputed": 100000},
                "http": {"proxyStrictSSL": True}, "[yaml]": {"editor.tabSize": 2}, "editor": {}}
    for n in o.lines:
        for folder, name, text in ((f"scf-{n}", "serverless.containers.yml", containers(n)), (f"py-{n}", "app.py", python(n))):
            d = o.dir / folder
            d.mkdir(parents=True, exist_ok=True)
            (d / name).write_text(text)
        (o.dir / f"scf-{n}" / "yamlls.json").write_text(json.dumps(settings))


if __name__ == "__main__":
    main()
