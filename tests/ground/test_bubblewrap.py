import pytest

from tests.ground.clone import Clone

APT = 'echo "apt-get $*" >>"$CALLS"'
SUDO = 'if [ "$1" = -n ]; then shift; echo sudo >>"$CALLS"; "$@"; fi'
ROOT, PERSON = "echo 0", "echo 1000"
CAPABLE, STRIPPED = "exit 0", "exit 1"  # what grep finds among the capabilities


def machine(clone: Clone, user: str, capabilities: str) -> Clone:
    clone.program("id", user)
    clone.program("grep", capabilities)
    return clone


def install(clone: Clone) -> tuple[str, list[str]]:
    result = clone.run(".ci/bubblewrap")
    assert (result.returncode, result.stderr) == (0, ""), "a missing sandbox never stops an installation"
    return result.stdout, clone.calls()


def test_what_is_there_is_not_installed(clone: Clone) -> None:
    clone.program("bwrap", "")
    clone.program("apt-get", APT)
    assert install(machine(clone, ROOT, CAPABLE)) == ("", [])


def test_root_installs_it(clone: Clone) -> None:
    clone.program("apt-get", APT)
    said, calls = install(machine(clone, ROOT, CAPABLE))
    assert said == "Installing bubblewrap.\n"
    assert [call.split()[-1] for call in calls] == ["bubblewrap"]


def test_whoever_may_use_sudo_without_a_password_installs_it(clone: Clone) -> None:
    clone.program("apt-get", APT)
    clone.program("sudo", SUDO)
    _, calls = install(machine(clone, PERSON, CAPABLE))
    assert calls[:2] == ["sudo", "sudo"]
    assert calls[2].startswith("apt-get")


@pytest.mark.parametrize(
    ("user", "capabilities"), [(PERSON, CAPABLE), (ROOT, STRIPPED)], ids=["person", "stripped root"]
)
def test_whoever_may_not_install_goes_on_without_and_is_told_so(clone: Clone, user: str, capabilities: str) -> None:
    clone.program("apt-get", APT)
    clone.program("sudo", "exit 1")
    said, calls = install(machine(clone, user, capabilities))
    assert said.startswith("Going on without bubblewrap (installing it needs the rights of root)")
    assert (said.count("\n"), calls) == (1, [])


def test_an_installer_that_does_not_look_at_capabilities_is_caught(clone: Clone) -> None:
    clone.program("apt-get", APT)
    clone.sabotage(".ci/bubblewrap", "&& grep -q '^CapEff:.*[1-9a-f]' /proc/self/status", "")
    assert install(machine(clone, ROOT, STRIPPED))[1], "the sound one would not have tried"


def test_lists_are_renewed_once_where_the_package_is_not_found(clone: Clone) -> None:
    clone.program("apt-get", APT + "\nexit 100")
    said, calls = install(machine(clone, ROOT, CAPABLE))
    assert [call.split()[-1] for call in calls] == ["bubblewrap", "update"]
    assert "Going on without bubblewrap (apt-get could not install it)" in said


def test_a_machine_without_apt_goes_on_without(clone: Clone) -> None:
    said, _ = install(machine(clone, ROOT, CAPABLE))
    assert "there is no apt-get here" in said
