"""Slack's Python client for Socket Mode, which takes and acknowledges what the fake Slack delivers.

Told {api, token, envelopes}; ends after so many envelopes and prints each as the client read it.
"""

import json
import os
import sys
import threading

from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web import WebClient

# The client knows proxies, and not who needs none.
for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
    os.environ.pop(name, None)

told = json.load(sys.stdin)
taken = []
done = threading.Event()


def take(client, request):
    answer = {"text": "Yes."} if request.type == "slash_commands" else None
    client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=answer))
    taken.append(
        {
            "envelope_id": request.envelope_id,
            "type": request.type,
            "payload": request.payload,
            "retry_attempt": request.retry_attempt,
        }
    )
    if len(taken) == told["envelopes"]:
        done.set()


client = SocketModeClient(app_token=told["token"], web_client=WebClient(base_url=told["api"] + "/"))
client.socket_mode_request_listeners.append(take)
client.connect()
if not done.wait(60):
    sys.exit(f"only these came: {taken}")
client.close()
json.dump(taken, sys.stdout)
