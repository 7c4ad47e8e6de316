import re

from tests.ground.clone import ROOT, Clone


def targets(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def test_make_alone_lists_every_command(clone: Clone) -> None:
    listed = clone.run("make").stdout
    assert {line.split()[1] for line in listed.splitlines()} == targets((ROOT / "Makefile").read_text())


def test_a_command_that_does_not_say_what_it_is_for_is_caught(clone: Clone) -> None:
    clone.sabotage("Makefile", "floors: ground ##", "floors: ground #")
    assert "make floors" not in clone.run("make").stdout


def test_the_makefile_has_every_command_that_the_readme_gives() -> None:
    given = set(re.findall(r"^\$ make ([a-z-]+)", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert {"run", "test"} <= given <= targets((ROOT / "Makefile").read_text())
