"""Slack's Python client installs an app at the fake Slack, and renews its token.

Told {api, authorization_url, client_id, client_secret, scopes, redirect_uri, state, codes}; prints what the client makes
of it.
"""

import json
import os
import sys
import time

from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation import TokenRotator
from slack_sdk.web import WebClient

# The client knows proxies, and not who needs none.
for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
    os.environ.pop(name, None)

told = json.load(sys.stdin)
app = {"client_id": told["client_id"], "client_secret": told["client_secret"]}
base = told["api"] + "/"
client = WebClient(base_url=base)

page = AuthorizeUrlGenerator(
    client_id=told["client_id"],
    scopes=told["scopes"],
    redirect_uri=told["redirect_uri"],
    authorization_url=told["authorization_url"],
)


def exchange(code, **other):
    arguments = {**app, "code": code, "redirect_uri": told["redirect_uri"], **other}
    try:
        return client.oauth_v2_access(**arguments).data
    except SlackApiError as error:
        return error.response["error"]


def identity(token):
    return WebClient(base_url=base, token=token).auth_test().data


grants = {name: exchange(code) for name, code in told["codes"].items()}
rotating = grants["rotating"]
bot = Bot(
    team_id=rotating["team"]["id"],
    bot_token=rotating["access_token"],
    bot_id="B01",
    bot_user_id=rotating["bot_user_id"],
    bot_scopes=rotating["scope"],
    bot_refresh_token=rotating["refresh_token"],
    bot_token_expires_at=int(time.time()) + rotating["expires_in"],
    installed_at=time.time(),
)
rotator = TokenRotator(**app, client=client)
early = rotator.perform_bot_token_rotation(bot=bot)
renewed = rotator.perform_bot_token_rotation(bot=bot, minutes_before_expiration=10**6)
try:
    rotator.perform_bot_token_rotation(bot=bot, minutes_before_expiration=10**6)
    twice = "renewed"
except Exception as error:
    twice = str(error)

json.dump(
    {
        "page": page.generate(told["state"]),
        "grants": grants,
        "used": exchange(told["codes"]["workspace"]),
        "unknown": exchange("made-up"),
        "stranger": exchange("made-up", client_secret="another"),
        "identities": {name: identity(grant["access_token"]) for name, grant in grants.items()},
        "early": early is not None,
        "renewed": identity(renewed.bot_token),
        "is_new": renewed.bot_token != bot.bot_token and renewed.bot_refresh_token != bot.bot_refresh_token,
        "twice": twice,
    },
    sys.stdout,
)
