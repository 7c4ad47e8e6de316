"""Labels: toolbuilder's are made when first needed, and stand exactly as they should; others are left alone."""

from collections.abc import Collection
from urllib.parse import quote

from toolbuilder.adapters.github.answers import OWN, label_name
from toolbuilder.adapters.github.client import Client
from toolbuilder.adapters.github.failures import Refused
from toolbuilder.adapters.github.requests import Request

_LOOKS: dict[str, tuple[str, str]] = {  # name -> colour, description (100 characters at most)
    OWN: ("1f6feb", "Proposed by toolbuilder from a spec"),
    f"{OWN}:draft": ("d4c5f9", "Not ready: this plan has no drafts, or the token may not make one"),
    f"{OWN}:needs-person": ("d93f0b", "toolbuilder waits for a person; the description says for what"),
    f"{OWN}:removal": ("b60205", "Deletes a tool whose spec is gone"),
    f"{OWN}:withdrawn": ("cccccc", "Closed by toolbuilder, not by a person"),
}
_OTHER = ("ededed", "Set by toolbuilder")


class Labels:
    """The labels of one repository's pull requests."""

    def __init__(self, client: Client):
        self._client = client
        self._repository = f"/repos/{client.place.repository}"
        self._made: set[str] = set()

    def put(self, number: int, present: Collection[str], wanted: Collection[str]) -> tuple[str, ...]:
        """Make a pull request carry exactly the wanted ones of toolbuilder's labels; give all that it carries then.

        Present are the names as GitHub shows them; what is given, and what is wanted, is as toolbuilder knows them.
        """
        known = {shown: label_name(shown) for shown in present}
        missing = [name for name in wanted if name not in known.values()]
        if missing:
            self._make(missing)
            self._client.ask(Request("POST", self._of(number), {"labels": missing}, fresh=True))
        surplus = [shown for shown, name in known.items() if name.split(":")[0] == OWN and name not in wanted]
        for shown in surplus:
            self._take(number, shown)
        return (*(name for shown, name in known.items() if shown not in surplus), *missing)

    def _make(self, names: Collection[str]) -> None:
        """Make labels that are not there. A token that may not gets them in GitHub's own colour, by putting them on."""
        for name in names:
            if name in self._made:
                continue
            colour, description = _LOOKS.get(name, _OTHER)
            body = {"name": name, "color": colour, "description": description}
            try:
                self._client.ask(Request("POST", f"{self._repository}/labels", body))
            except Refused as refusal:
                if refusal.status not in {403, 404, 422}:
                    raise
            self._made.add(name)

    def _take(self, number: int, name: str) -> None:
        try:
            self._client.ask(Request("DELETE", f"{self._of(number)}/{quote(name, safe='')}"))
        except Refused as refusal:
            if refusal.status != 404:  # somebody else took it off
                raise

    def _of(self, number: int) -> str:
        return f"{self._repository}/issues/{number}/labels"
