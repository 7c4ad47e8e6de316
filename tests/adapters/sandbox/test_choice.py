from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.adapters.sandbox.probes import plain
from tests.adapters.sandbox.probes.kinds import available
from toolbuilder.adapters.sandbox.bubblewrap import APART, BubblewrapSandbox
from toolbuilder.adapters.sandbox.canary import prove
from toolbuilder.adapters.sandbox.choice import bubblewrap, choose_sandbox
from toolbuilder.errors import SandboxUnavailable
from toolbuilder.ports import Command, Ran, Sandbox

ISOLATES_NOTHING = '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n'
ISOLATES_NOTHING_IN_A_CHILD = '#!/bin/bash\nwhile [ "$1" != -- ]; do shift; done; shift; "$@" & wait $!\n'
REFUSED = "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2; exit 1\n"


@dataclass(frozen=True)
class NoSandbox:
    """Runs commands as they are, or does not run them at all."""

    works: bool = True

    @property
    def kind(self) -> str:
        return "none"

    def run(self, command: Command) -> Ran:
        return plain.run(command) if self.works else Ran(1, b"", b"cannot work\n")


WITH_NETWORK = tuple(option for option in APART if option != "--unshare-net")
CARELESS = [
    NoSandbox(),
    *(replace(one, apart=WITH_NETWORK) for one in available() if isinstance(one, BubblewrapSandbox)),
]


@pytest.fixture
def bwrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the place of the program that is found as bubblewrap; nothing else is on PATH, and nothing is remembered."""
    monkeypatch.setenv("PATH", str(tmp_path))
    choose_sandbox.cache_clear()
    yield tmp_path / "bwrap"
    choose_sandbox.cache_clear()


def program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def test_the_strongest_that_works_is_chosen_and_remembered() -> None:
    assert choose_sandbox().kind == available()[0].kind
    assert choose_sandbox() is choose_sandbox()


@pytest.mark.parametrize("sandbox", available(), ids=lambda sandbox: str(sandbox.kind))
def test_a_wanted_kind_is_given(sandbox: Sandbox) -> None:
    assert choose_sandbox(sandbox.kind).kind == sandbox.kind


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        SandboxUnavailable, match="there is no sandbox 'jail'; choose one of: auto, bubblewrap, landlock"
    ):
        choose_sandbox("jail")


@pytest.mark.usefixtures("bwrap")
def test_a_missing_bubblewrap_says_what_to_type() -> None:
    with pytest.raises(SandboxUnavailable, match="apt-get install bubblewrap"):
        bubblewrap()


def test_a_bubblewrap_without_permission_says_why_and_what_to_type(bwrap: Path) -> None:
    program(bwrap, REFUSED)

    with pytest.raises(SandboxUnavailable, match=r"No permissions to create new namespace\n.*sysctl -w"):
        bubblewrap()


@pytest.mark.parametrize("text", [ISOLATES_NOTHING, ISOLATES_NOTHING_IN_A_CHILD])
def test_a_bubblewrap_that_isolates_nothing_is_refused(bwrap: Path, text: str) -> None:
    program(bwrap, text)

    with pytest.raises(SandboxUnavailable):
        bubblewrap()


def test_the_canary_tells_all_that_got_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANYTHING", "else")

    with pytest.raises(SandboxUnavailable, match="does not hold: network, home, environment, processes got out"):
        prove(NoSandbox())


def test_the_canary_refuses_a_sandbox_in_which_nothing_works() -> None:
    with pytest.raises(SandboxUnavailable, match="plain work fails in it: cannot work"):
        prove(NoSandbox(works=False))


@pytest.mark.parametrize("careless", CARELESS, ids=lambda sandbox: str(sandbox.kind))
def test_the_canary_notices_a_forgotten_network(careless: Sandbox) -> None:
    with pytest.raises(SandboxUnavailable, match="does not hold: network"):
        prove(careless)


def test_when_none_works_it_says_what_was_tried_and_why_it_failed(bwrap: Path) -> None:
    program(bwrap, REFUSED)

    with pytest.raises(SandboxUnavailable) as caught:
        choose_sandbox("bubblewrap")

    first, second, *_ = str(caught.value).splitlines()
    assert first == "no sandbox works here, and nothing is run without one:"
    assert second == "  bubblewrap: bwrap: No permissions to create new namespace"
