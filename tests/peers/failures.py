"""What goes wrong at a question in the middle of a build, as each peer can say it, and what is to come of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.peers.relay import SPARE, Mode
from tests.peers.servers import MESSAGE, SPENT, WRONG
from toolbuilder.adapters.outcomes import ProviderRefuses, ProviderUnavailable
from toolbuilder.errors import BudgetReached, ToolbuilderError

Json = Mapping[str, Any]

MICROTASK = "write_module"  # whose first answer goes wrong: two stages stand by then, and two are to come
OTHER = json.dumps({"source": '"""Half a module."""\n', "notes": []})  # of the right shape, and not what was meant
LEAKED = json.dumps({"source": f'KEY = "{"sk-" + "ant-" + "a" * 24}"\n', "notes": []})
LOST = "msg_lost"  # the id of a message that is billed and never heard


@dataclass(frozen=True)
class Expected:
    """What a build comes to whose question goes wrong once."""

    asks: int = 2  # how often the question is asked, over all runs
    waits: tuple[float, ...] = ()  # seconds that the retries would have waited
    useless: int = 0  # answers that were billed and are of no use
    unheard: int = 0  # calls of which nobody knows what they cost
    stops: type[ToolbuilderError] | None = None  # how the first run ends, if it does not complete
    words: str = ""
    exit_code: int = 0


GOES_ON = Expected(waits=(1.0,))
UNHEARD = Expected(waits=(1.0,), unheard=1)
USELESS = Expected(useless=1)
TOO_SLOW = Expected(unheard=1, stops=ProviderUnavailable, words="no answer within", exit_code=1)
EXPECTED: Mapping[str, Expected] = {
    "plain": Expected(asks=1),
    "429": Expected(waits=(7.25,)),  # as long as the provider asks for, and a little more
    "500": GOES_ON,
    "529": GOES_ON,
    "slow": TOO_SLOW,
    "dribble": TOO_SLOW,
    "dropped": UNHEARD,
    "noise": UNHEARD,
    "garbage": UNHEARD,
    "page": UNHEARD,
    "cut": UNHEARD,
    "short": UNHEARD,
    "no reason": USELESS,
    "max_tokens": USELESS,
    "refusal": USELESS,
    "context": USELESS,
    "credential": USELESS,
    "wrong schema": Expected(),
    "spent": Expected(stops=BudgetReached, words="raise the limit at the provider", exit_code=4),
    "key": Expected(stops=ProviderRefuses, words="set a valid key", exit_code=1),
}
RELAYED: Mapping[str, Mode] = {"cut": "cut", "short": "short", "dribble": "dribble"}


def _is(body: object, status: int = 200, kind: str = "application/json", **headers: str) -> Json:
    # Mountebank puts the right length in the place of any other; without one it would send chunks.
    return {
        "is": {"statusCode": status, "headers": {"Content-Type": kind, "Content-Length": 0, **headers}, "body": body}
    }


def says(text: str, **more: object) -> Json:
    """Give the response of mountebank's that carries a model's words."""
    return _is(json.dumps({**MESSAGE, "content": [{"type": "text", "text": text}], **more}) + " " * SPARE)


def refuses(kind: str, status: int, **headers: str) -> Json:
    """Give the response of mountebank's that carries an error, as the Messages API words it."""
    return _is({"type": "error", "error": {"type": kind, "message": "no"}}, status, **headers)


NOBODY_KNOWS = refuses("not_found_error", 404)["is"]  # what mountebank says to a question that it was not prepared for
MOUNTEBANK: Mapping[str, Json | None] = {
    "plain": None,
    "429": refuses("rate_limit_error", 429, **{"Retry-After": "7"}),
    "500": refuses("api_error", 500),
    "529": refuses("overloaded_error", 529),
    "slow": {**says(OTHER, id=LOST), "behaviors": [{"wait": 2_000}]},
    "dribble": says(OTHER, id=LOST),
    "dropped": {"fault": "CONNECTION_RESET_BY_PEER"},
    "noise": {"fault": "RANDOM_DATA_THEN_CLOSE"},
    "garbage": _is('{"id": "msg_1", "content": ['),
    "page": _is("<html>Sign in</html>", kind="text/html"),
    "cut": says(OTHER, id=LOST),
    "short": says(OTHER, id=LOST),
    "no reason": says(OTHER, stop_reason=None),
    "max_tokens": says(OTHER, stop_reason="max_tokens"),
    "refusal": says(OTHER, stop_reason="refusal"),
    "context": says(OTHER, stop_reason="model_context_window_exceeded"),
    "credential": says(LEAKED),
    "wrong schema": says(WRONG),
    "spent": _is({"type": "error", "error": SPENT}, 429),
    "key": refuses("authentication_error", 401),
}

USAGE = {"input_tokens": 11, "output_tokens": 7}
FINE = {"content": OTHER, "usage": USAGE}


def _refused(kind: str, status: int, **more: object) -> Json:
    return {"response": {"error": {"type": kind, "message": "no"}, "status": status, **more}}


AIMOCK: Mapping[str, Json | None] = {
    "plain": None,
    "429": _refused("rate_limit_error", 429, retryAfter=7),
    "500": _refused("api_error", 500),
    "529": _refused("overloaded_error", 529),
    "slow": {"response": FINE, "chaos": {"latencyMs": 2_000}},
    "dropped": {"response": FINE, "chaos": {"disconnectRate": 1}},
    "garbage": {"response": FINE, "chaos": {"malformedRate": 1}},
    "max_tokens": {"response": {**FINE, "finishReason": "length"}},
    "refusal": {"response": {**FINE, "finishReason": "refusal"}},
    "context": {"response": {**FINE, "finishReason": "model_context_window_exceeded"}},
    "credential": {"response": {**FINE, "content": LEAKED}},
    "wrong schema": {"response": {**FINE, "content": WRONG}},
    "key": _refused("authentication_error", 401),
}
