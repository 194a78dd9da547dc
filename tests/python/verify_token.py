"""Checks access tokens as a service in another language would: with PyJWT and the published key set.

Reads lines of JSON, {"jwks": URL, "issuer": …, "token": …, "now": seconds}, and answers each with a line: the claims and
the key that it chose, or the name of the error. One client for all lines, so that its copy of the keys may be old.
"""

import datetime
import json
import sys
import time

import jwt

clients = {}


class Clock(datetime.datetime):
    """The clock of the server, which a test moves."""

    seconds = 0

    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(cls.seconds, tz)


jwt.api_jwt.datetime = Clock
# The age of its copy of the keys, too.
time.monotonic = lambda: Clock.seconds


def check(jwks, issuer, token, now):
    Clock.seconds = now
    client = clients.setdefault(jwks, jwt.PyJWKClient(jwks))
    key = client.get_signing_key_from_jwt(token)
    if jwt.get_unverified_header(token).get("typ") != "at+jwt":
        raise jwt.InvalidTokenError("typ")
    required = ["exp", "iat", "nbf", "iss", "aud", "sub", "jti"]
    claims = jwt.decode(
        token, key, algorithms=["EdDSA"], issuer=issuer, audience="tocsin", options={"require": required}
    )
    return {"claims": claims, "kid": key.key_id}


for line in sys.stdin:
    try:
        answer = check(**json.loads(line))
    except jwt.PyJWTError as error:
        answer = {"error": type(error).__name__}
    print(json.dumps(answer), flush=True)
