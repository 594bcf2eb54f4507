"""Says which payloads Slack's Bolt does not know as what they are said to be.

Told a list of {kind, payload}, a kind being the name of a question that Bolt asks about payloads; prints those for
which it says no.
"""

import json
import sys

from slack_bolt.request import payload_utils

json.dump([one for one in json.load(sys.stdin) if not getattr(payload_utils, one["kind"])(one["payload"])], sys.stdout)
