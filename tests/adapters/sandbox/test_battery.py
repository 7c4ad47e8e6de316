from pathlib import Path

import pytest

from tests.adapters.sandbox.probes import plain
from tests.adapters.sandbox.probes.attacks import ATTACKS, gets_out
from tests.adapters.sandbox.probes.kinds import available, every_kind
from tests.adapters.sandbox.probes.sabotage import Sabotage, verdicts
from tests.adapters.sandbox.probes.sabotages import APPLICABLE, SOUND
from toolbuilder.ports import Sandbox

every_attack = pytest.mark.parametrize("attack", ATTACKS)


@every_attack
def test_without_a_sandbox_the_attack_gets_out(attack: str) -> None:
    assert gets_out(ATTACKS[attack], plain.run)


@every_kind
@every_attack
def test_in_a_sandbox_it_does_not(attack: str, sandbox: Sandbox) -> None:
    assert not gets_out(ATTACKS[attack], sandbox.run)


def cases(table: tuple[Sabotage, ...]) -> pytest.MarkDecorator:
    """Give every sabotage that weakens a kind of sandbox which works here, with those kinds."""
    working = {sandbox.kind for sandbox in available()}
    rows = [(sabotage, [kind for kind in sabotage.kinds if kind in working]) for sabotage in table]
    named = [
        pytest.param(sabotage, kinds, id=f"{sabotage.attack}-{'-'.join(kinds)}") for sabotage, kinds in rows if kinds
    ]
    return pytest.mark.parametrize(("sabotage", "kinds"), named)


TRIES = 3  # an attack that races a watch may lose on a busy machine; a sandbox that holds must hold every time


@pytest.mark.slow
@cases(APPLICABLE)
def test_in_a_sabotaged_sandbox_it_gets_out(sabotage: Sabotage, kinds: list[str], tmp_path: Path) -> None:
    for number in range(TRIES):
        folder = tmp_path / str(number)
        folder.mkdir()
        told = verdicts(sabotage, kinds, folder)
        if told.split() == ["out"] * len(kinds):
            return
    pytest.fail(told)


@pytest.mark.slow
@cases(SOUND)
def test_where_one_of_two_protections_is_missing_the_other_holds(
    sabotage: Sabotage, kinds: list[str], tmp_path: Path
) -> None:
    assert verdicts(sabotage, kinds, tmp_path).split() == ["held"] * len(kinds)
