import zipfile

import pytest

from tests.ground.clone import Clone

# A Python as Debian ships it: it runs, but has neither pip nor the wheel of pip that ensurepip brings.
BARE_PYTHON = """
if [ "$1" = -m ]; then exit 1; fi
if [ "$1" = -c ]; then echo /nowhere; exit; fi
exec python3 "$@"
"""
# Stands in for apt: the first download fails, as it does where the package lists are missing.
APT = """
echo "apt-get $*" >>"$CALLS"
case "$*" in
  *update*) touch "$HOME/lists" ;;
  *) [ -f "$HOME/lists" ] && touch python3-pip-whl_1_all.deb ;;
esac
"""
# Stands in for dpkg-deb: unpacks a wheel whose pip says what it was asked for.
DPKG = 'mkdir -p usr/share/python-wheels && cp "$HOME/pip.whl" usr/share/python-wheels/pip-1-py3-none-any.whl'


@pytest.fixture
def bare(clone: Clone) -> Clone:
    with zipfile.ZipFile(clone.programs.parent / "pip.whl", "w") as wheel:
        wheel.writestr("pip/__main__.py", "import sys; print('pip', *sys.argv[1:])")
    clone.program("bare-python", BARE_PYTHON)
    clone.program("apt-get", APT)
    clone.program("dpkg-deb", DPKG)
    clone.program("touch", ': >>"$1"')
    clone.sabotage(".ci/pip", '/usr/share/python-wheels/pip-*.whl "$folder"', '"$folder"')
    return clone


def ask(clone: Clone, python: str) -> str:
    folder = clone.folder / "fetched"
    result = clone.run(".ci/pip", python, str(folder), "install", "a b")
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_pip_is_fetched_where_python_comes_without(bare: Clone) -> None:
    assert ask(bare, "bare-python") == "pip install a b\n"
    first, update, second = bare.calls()
    assert "download python3-pip-whl" in first
    assert "Dir::State::lists=" in update, "only lists of its own: those of the system are root's"
    assert "download python3-pip-whl" in second


def test_pip_is_fetched_only_once(bare: Clone) -> None:
    ask(bare, "bare-python")
    bare.calls()
    assert ask(bare, "bare-python") == "pip install a b\n"
    assert bare.calls() == []


def test_a_machine_without_pip_and_apt_is_told_what_to_install(bare: Clone) -> None:
    (bare.programs / "apt-get").unlink()
    result = bare.run(".ci/pip", "bare-python", str(bare.folder / "fetched"), "install")
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "install pip for it, then run the same command again" in result.stderr


def test_a_download_that_fails_twice_is_an_error(bare: Clone) -> None:
    bare.program("apt-get", 'echo "E: no route to host" >&2; exit 100')
    result = bare.run(".ci/pip", "bare-python", str(bare.folder / "fetched"), "install")
    assert result.returncode != 0
    assert "no route to host" in result.stderr
