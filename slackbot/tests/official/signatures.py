"""Signs requests as Slack's Python SDK does, sends them to the bot, and judges the bot's own signatures.

Told {secret, now, host, port, path, body, ours: [{secret, timestamp, signature, body}]}; prints {answered: {case: status},
valid: [whether the SDK takes each of ours]}.
"""

import http.client
import json
import sys

from slack_sdk.signature import Clock, SignatureVerifier

TIME = "X-Slack-Request-Timestamp"
SIGNATURE = "X-Slack-Signature"


class Standing(Clock):
    def __init__(self, moment):
        self.moment = moment

    def now(self):
        return self.moment


told = json.load(sys.stdin)
body = told["body"].encode()
now = told["now"]
verifier = SignatureVerifier(told["secret"], clock=Standing(now))


def status(body, headers):
    connection = http.client.HTTPConnection(told["host"], told["port"], timeout=20)
    connection.putrequest("POST", told["path"])
    for name, value in headers:
        connection.putheader(name, value)
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders()
    try:
        connection.send(body)
    except (BrokenPipeError, ConnectionResetError):
        pass  # It was refused before all of it was sent.
    answered = connection.getresponse().status
    connection.close()
    return answered


def signed(body, at=now):
    return [(TIME, str(at)), (SIGNATURE, verifier.generate_signature(timestamp=str(at), body=body))]


def flipped(text, place):
    return text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :]


time, signature = signed(body)
beyond_ascii = "command=/pod-check&text=help&team_domain=🚢".encode()
answered = {
    "as it is": status(body, signed(body)),
    "with nothing in it": status(b"", signed(b"")),
    "in letters beyond ASCII": status(beyond_ascii, signed(beyond_ascii)),
    "300 s late": status(body, signed(body, now - 300)),
    "300 s early": status(body, signed(body, now + 300)),
    "301 s late": status(body, signed(body, now - 301)),
    "301 s early": status(body, signed(body, now + 301)),
    "one byte of the body flipped": status(flipped(body, len(body) // 2), signed(body)),
    "the last byte of the body flipped": status(flipped(body, len(body) - 1), signed(body)),
    "one digit of the signature changed": status(body, [time, (SIGNATURE, signature[1][:-1] + "g")]),
    "another time than was signed": status(body, [(TIME, str(now - 1)), signature]),
    "without a signature": status(body, [time]),
    "without a time": status(body, [signature]),
    "with two signatures": status(body, [time, signature, signature]),
    "with two times": status(body, [time, time, signature]),
    "too large": status(b"x" * 600_000, signed(b"x" * 600_000)),
}
forged = SignatureVerifier("another-secret-of-nobody").generate_signature(timestamp=str(now), body=body)
answered["with another secret"] = status(body, [time, (SIGNATURE, forged)])


def is_valid(ours):
    headers = {TIME: ours["timestamp"], SIGNATURE: ours["signature"]}
    at = SignatureVerifier(ours["secret"], clock=Standing(int(ours["timestamp"])))
    return at.is_valid_request(ours["body"], headers)


json.dump({"answered": answered, "valid": [is_valid(ours) for ours in told["ours"]]}, sys.stdout)
