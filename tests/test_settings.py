from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.sabotage import assert_guarded
from toolbuilder import settings
from toolbuilder.errors import FileIsWrong

TOML = "toolbuilder.toml"
PYPROJECT = "pyproject.toml"


def write(folder: Path, **files: str) -> None:
    """Write settings files; those that are not named are taken away."""
    for name, key in ((TOML, "toml"), (PYPROJECT, "pyproject"), (".env", "env")):
        (folder / name).unlink(missing_ok=True)
        if key in files:
            (folder / name).write_text(files[key])


def engine(folder: Path, part: Any) -> str:
    name: str = part.load_settings(folder).engine
    return name


def the_environment_wins_over_the_file_and_that_over_the_project(folder: Path, part: Any) -> None:
    write(folder)
    assert engine(folder, part) == "auto"
    write(folder, pyproject='[tool.toolbuilder]\nengine = "offline"\n')
    assert engine(folder, part) == "offline"
    write(folder, pyproject='[tool.toolbuilder]\nengine = "offline"\n', toml='engine = "replay"\n')
    assert engine(folder, part) == "replay"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOOLBUILDER_ENGINE", "offline")
        assert engine(folder, part) == "offline"


def no_env_file_is_read(folder: Path, part: Any) -> None:
    write(folder, env="TOOLBUILDER_ENGINE=replay\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert engine(folder, part) == "auto"


def refused(folder: Path, part: Any) -> str:
    with pytest.raises(FileIsWrong) as caught:
        part.load_settings(folder)
    return str(caught.value)


def a_setting_that_there_is_not_is_named(folder: Path, part: Any) -> None:
    write(folder, toml='engin = "auto"\n')
    where = "toolbuilder.toml, pyproject.toml or TOOLBUILDER_ENGIN"
    assert refused(folder, part) == f"{where}: setting `engin`: there is no such setting; did you mean `engine`?"


def every_wrong_setting_is_named_at_once(folder: Path, part: Any) -> None:
    write(folder, toml='engine = "of-line"\nsandbox = "chroot"\nauthor = "nobody"\n')
    lines = refused(folder, part).splitlines()
    assert [line.partition("setting `")[2].partition("`")[0] for line in lines] == ["engine", "sandbox", "author"]


def a_file_that_is_no_toml_is_named(folder: Path, part: Any) -> None:
    write(folder, toml='engine = "auto\n')
    assert refused(folder, part).startswith("toolbuilder.toml: cannot be read: ")
    write(folder, pyproject="[tool.toolbuilder\n")
    assert refused(folder, part).startswith("pyproject.toml: cannot be read: ")
    (folder / PYPROJECT).write_bytes(b"\xff")
    assert refused(folder, part).startswith("pyproject.toml: cannot be read: ")


def a_table_that_is_something_else_is_named(folder: Path, part: Any) -> None:
    write(folder, pyproject="[tool]\ntoolbuilder = 3\n")
    assert refused(folder, part) == "pyproject.toml: `tool.toolbuilder` is to be a table"
    write(folder, pyproject="tool = 3\n")
    assert refused(folder, part) == "pyproject.toml: `tool` is to be a table"


def secrets_and_where_they_are_sent_come_from_the_environment_only(folder: Path, part: Any) -> None:
    for name in ("ANTHROPIC_BASE_URL", "TOOLBUILDER_BASE_URL", "ANTHROPIC_API_KEY", "anthropic_api_key"):
        write(folder, toml=f'{name} = "http://127.0.0.1:9"\n')
        assert refused(folder, part).startswith(f"toolbuilder.toml: `{name}` is read from the environment only")
        write(folder, pyproject=f'[tool.toolbuilder]\n{name} = "http://127.0.0.1:9"\n')
        assert refused(folder, part).startswith(f"pyproject.toml: `{name}` is read from the environment only")
    write(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
        assert part.load_settings(folder).base_url == "http://127.0.0.1:9"


def the_author_can_stand_in_a_commit(folder: Path, part: Any) -> None:
    write(folder, toml='author = "A Person <person@localhost>"\n')
    assert part.load_settings(folder).author == "A Person <person@localhost>"
    write(folder, toml='author = "A\\nB <person@localhost>"\n')
    assert "setting `author`" in refused(folder, part)


def a_variable_that_is_nearly_a_setting_is_named(folder: Path, part: Any) -> None:
    write(folder)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("TOOLBUILDER_APP_PRIVATE_KEY", "TOOLBUILDER_RUNNER", "TOOLBUILDER_DEBUG", "TOOLBUILDER_API_KEY"):
            patch.setenv(name, "x")
        assert part.load_settings(folder).day_usd is None
        patch.setenv("TOOLBUILDER_DAY_US", "5")
        assert refused(folder, part) == "TOOLBUILDER_DAY_US: there is no such setting; did you mean `day_usd`?"


GUARDED = [
    (a_variable_that_is_nearly_a_setting_is_named, "    _refuse_misspelt(os.environ)\n", ""),
    (a_variable_that_is_nearly_a_setting_is_named, " | _aliases() | {APP_KEY}", " | _aliases()"),
    (the_environment_wins_over_the_file_and_that_over_the_project, "env_settings, TomlConfigSettingsSource(settings_cls)", "TomlConfigSettingsSource(settings_cls), env_settings"),
    (the_environment_wins_over_the_file_and_that_over_the_project, "TomlConfigSettingsSource(settings_cls), pyproject", "pyproject, TomlConfigSettingsSource(settings_cls)"),
    (no_env_file_is_read, "return init_settings, env_settings,", 'dotenv_settings = type(dotenv_settings)(settings_cls, env_file=".env")\n        return init_settings, env_settings, dotenv_settings,'),
    (a_setting_that_there_is_not_is_named, 'extra="forbid"', 'extra="ignore"'),
    (every_wrong_setting_is_named_at_once, "for one in error.errors()]", "for one in error.errors()[:1]]"),
    (a_file_that_is_no_toml_is_named, '[Problem(path.name, 0, 0, f"cannot be read', '[Problem(FILE, 0, 0, f"cannot be read'),
    (a_table_that_is_something_else_is_named, "table[:depth]", "table"),
    (secrets_and_where_they_are_sent_come_from_the_environment_only, "if name.upper() in _aliases()", "if name == name.lower() and name.upper() in _aliases()"),
    (secrets_and_where_they_are_sent_come_from_the_environment_only, "    _refuse_unreadable(root / PYPROJECT, TABLE)\n", ""),
    (the_author_can_stand_in_a_commit, r'pattern=r"^[^<>\r\n]+ <[^<>\s]+>$"', 'pattern="<"'),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_settings_are_read_in_order_and_what_is_wrong_is_named(
    tmp_path: Path, check: Callable[..., None], text: str, instead: str
) -> None:
    assert_guarded(settings, (partial(check, tmp_path), text, instead))


def test_settings_do_not_change_while_a_build_runs(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        settings.load_settings(tmp_path).engine = "replay"  # type: ignore[misc]  # this is what must not work
