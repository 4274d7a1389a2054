"""Holds objects against the schemas of a Kubernetes version, or of the custom resources in crds/.

usage: validate.py <version> [<version> ...] < objects.json
Prints one line a problem; ends with 1 where there are any.
"""

import json
import pathlib
import sys

import jsonschema
import kubernetes_validate
from kubernetes_validate.utils import SchemaNotFoundError

CRDS = pathlib.Path(__file__).parent / "crds"


def custom_schema(thing: dict) -> dict | None:
    file = CRDS / f"{thing['kind'].lower()}.json"
    return json.loads(file.read_text()) if file.exists() else None


def problems(thing: dict, versions: list[str]) -> list[str]:
    schema = custom_schema(thing)
    if schema is not None:
        validator = jsonschema.Draft202012Validator(schema)
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(thing)]
    found = []
    for version in versions:
        try:
            kubernetes_validate.validate(thing, version, strict=True)
        except (kubernetes_validate.ValidationError, SchemaNotFoundError) as error:
            found.append(f"Kubernetes {version}: {error.message}")
    return found


def main() -> int:
    bad = 0
    for thing in json.load(sys.stdin):
        for problem in problems(thing, sys.argv[1:]):
            print(f"{thing['kind']} {thing['metadata']['name']}: {problem}")
            bad += 1
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
