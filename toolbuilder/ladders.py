"""The ladders: who is asked, one after the other, by the name of an engine."""

from collections.abc import Mapping

OFFLINE, SMALL, LARGE = "offline", "small", "large"
LADDERS: Mapping[str, tuple[str, ...]] = {
    "offline": (OFFLINE,),
    "auto": (OFFLINE, SMALL, SMALL, LARGE),  # what does not fit is told to the small model once, then to the large one
    "anthropic": (SMALL, SMALL, LARGE),
    "replay": (OFFLINE, OFFLINE, OFFLINE, OFFLINE),  # the journal answers whatever rung is asked
}
