"""Judges manifests by Slack's own schema, which stands beside this file with its licence.

Told {name: manifest}; prints {name: [what is wrong with it]}.
"""

import json
import pathlib
import sys

from jsonschema import Draft7Validator

schema = json.loads((pathlib.Path(__file__).parent / "manifest-schema/manifest.schema.2.0.0.json").read_text())
Draft7Validator.check_schema(schema)
validator = Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)
found = {
    name: [f"{error.json_path}: {error.message}" for error in validator.iter_errors(manifest)]
    for name, manifest in json.load(sys.stdin).items()
}
json.dump(found, sys.stdout)
