"""What can be set, by environment (`TOOLBUILDER_…`), `toolbuilder.toml` or `[tool.toolbuilder]` in pyproject.toml."""

import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    PyprojectTomlConfigSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.pricing import OwnPrice
from toolbuilder.yaml_files.broken import near_miss

FILE = "toolbuilder.toml"
PYPROJECT = "pyproject.toml"
TABLE = ("tool", "toolbuilder")
PREFIX = "TOOLBUILDER_"
APP_KEY = "TOOLBUILDER_APP_PRIVATE_KEY"  # a secret of workflows, no setting


class Settings(BaseSettings):
    """Settings of a repository; the environment wins over `toolbuilder.toml`, which wins over pyproject.toml."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, pyproject_toml_table_header=TABLE)

    engine: Literal["auto", "offline", "anthropic", "replay"] = "auto"
    sandbox: Literal["auto", "bubblewrap", "landlock"] = "auto"
    author: str = Field(default="toolbuilder <toolbuilder@localhost>", pattern=r"^[^<>\r\n]+ <[^<>\s]+>$")
    sign_commits: bool = False  # with the key that git's own configuration names
    small_model: str = "claude-haiku-5-5"
    large_model: str = "claude-sonnet-5-5"
    provider: Literal["anthropic", "bedrock", "vertex"] = "anthropic"
    region: str = ""
    project: str = ""
    structured_output: bool = True
    calls: int = Field(default=8, ge=1, le=256)
    run_usd: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    day_usd: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    journal_refs: Literal["refs", "branches"] = "refs"  # where a remote keeps journals and logs
    prices: dict[str, OwnPrice] = Field(default_factory=dict)
    forge: Literal["auto", "github", "local"] = "auto"  # where pull requests are opened
    new_pull_requests: int = Field(default=10, ge=1, le=100)  # opened in one run; forges refuse many at once
    # From the environment only: a key in a file is committed sooner or later, and a committed address gets the key.
    base_url: str = Field(default="", validation_alias=AliasChoices("TOOLBUILDER_BASE_URL", "ANTHROPIC_BASE_URL"))
    api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("TOOLBUILDER_API_KEY", "ANTHROPIC_API_KEY")
    )
    github_token: SecretStr | None = Field(default=None, validation_alias=AliasChoices("GITHUB_TOKEN", "GH_TOKEN"))
    github_api: str = Field(default="", validation_alias=AliasChoices("GITHUB_API_URL"))
    github_repository: str = Field(default="", validation_alias=AliasChoices("GITHUB_REPOSITORY"))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (no .env file is read: it is where keys leak from)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Name the sources, the strongest first."""
        toml = Path(str(settings_cls.model_config.get("toml_file", FILE)))
        pyproject = PyprojectTomlConfigSettingsSource(settings_cls, toml.with_name(PYPROJECT))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls), pyproject


def load_settings(root: Path) -> Settings:
    """Read the settings of the repository at `root`. Raises FileIsWrong naming the setting, or the file."""

    class Here(Settings):
        model_config = SettingsConfigDict(toml_file=root / FILE)

    _refuse_unreadable(root / FILE, ())
    _refuse_unreadable(root / PYPROJECT, TABLE)
    _refuse_misspelt(os.environ)
    try:
        return Here()
    except ValidationError as error:
        problems = [_problem(".".join(map(str, one["loc"])), _said(one)) for one in error.errors()]
        raise FileIsWrong(problems) from None


def _refuse_unreadable(path: Path, table: tuple[str, ...]) -> None:
    """Refuse a file that is no TOML, whose table is something else, or that says what only the environment may."""
    if not path.exists():
        return
    try:
        found: object = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileIsWrong([Problem(path.name, 0, 0, f"cannot be read: {error}")]) from None
    for depth, name in enumerate(table, 1):
        found = found.get(name, {}) if isinstance(found, dict) else {}
        if not isinstance(found, dict):
            raise FileIsWrong([Problem(path.name, 0, 0, f"`{'.'.join(table[:depth])}` is to be a table")])
    if leaked := [name for name in (found if isinstance(found, dict) else {}) if name.upper() in _aliases()]:
        message = f"`{leaked[0]}` is read from the environment only: what stands in a file is committed sooner or later"
        raise FileIsWrong([Problem(path.name, 0, 0, message)])


def _refuse_misspelt(environment: Iterable[str]) -> None:
    """Refuse a variable that is nearly a setting: a cap that is not heard would cap nothing."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | _aliases() | {APP_KEY}
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    hints = [(name, near_miss(name.removeprefix(PREFIX).lower(), Settings.model_fields)) for name in unknown]
    if found := [Problem(name, 0, 0, f"there is no such setting{hint}") for name, hint in hints if hint]:
        raise FileIsWrong(found)


def _aliases() -> frozenset[str]:
    """Give the names of environment variables that a settings file would otherwise understand too."""
    aliases = [field.validation_alias for field in Settings.model_fields.values()]
    choices = [alias.choices for alias in aliases if isinstance(alias, AliasChoices)]
    return frozenset(str(name).upper() for names in choices for name in names)


def _said(error: ErrorDetails) -> str:
    if error["type"] != "extra_forbidden" or len(error["loc"]) > 1:
        return error["msg"]
    return f"there is no such setting{near_miss(error['loc'][0], Settings.model_fields)}"


def _problem(name: str, message: str) -> Problem:
    where = f"{FILE}, pyproject.toml or {PREFIX}{name.upper()}"
    return Problem(where, 0, 0, f"setting `{name}`: {message[0].lower()}{message[1:]}")
