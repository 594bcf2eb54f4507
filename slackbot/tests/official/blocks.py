"""Judges payloads by the models of Slack's Python SDK.

Told a list of {name, surface, payload}; prints {name: why} of those that the models refuse.
"""

import json
import logging
import sys

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

# An unknown type is logged and becomes nothing, which is found below.
logging.disable(logging.CRITICAL)


def judge(surface, payload):
    blocks = payload.get("blocks", [])
    models = Block.parse_all(blocks)
    for sent, model in zip(blocks, models, strict=True):
        if model is None:
            raise ValueError(f"{sent.get('type')!r} is no block that the models know")
        read = model.to_dict()
        if read != sent:
            raise ValueError(f"the models make {json.dumps(read)} of {json.dumps(sent)}")
    if surface != "message":
        view = View(**payload).to_dict()
        if view != payload:
            raise ValueError(f"the models make {json.dumps(view)} of the view")


refused = {}
for one in json.load(sys.stdin):
    try:
        judge(one["surface"], one["payload"])
    except Exception as error:  # Whatever a model does not take is its verdict.
        refused[one["name"]] = f"{type(error).__name__}: {error}"
json.dump(refused, sys.stdout)
