"""What can be set, by environment (`TOOLBUILDER_…`), `toolbuilder.toml` or `[tool.toolbuilder]` in pyproject.toml."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    PyprojectTomlConfigSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from toolbuilder.errors import FileIsWrong, Problem

FILE = "toolbuilder.toml"
PREFIX = "TOOLBUILDER_"


class Settings(BaseSettings):
    """Settings of a repository; the environment wins over `toolbuilder.toml`, which wins over pyproject.toml."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, pyproject_toml_table_header=("tool", "toolbuilder")
    )

    engine: Literal["auto", "offline", "replay"] = "auto"
    sandbox: Literal["auto", "bubblewrap", "landlock"] = "auto"
    author: str = Field(default="toolbuilder <toolbuilder@localhost>", pattern=r"^[^<>\r\n]+ <[^<>\s]+>$")

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
        pyproject = PyprojectTomlConfigSettingsSource(settings_cls, toml.with_name("pyproject.toml"))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls), pyproject


def load_settings(root: Path) -> Settings:
    """Read the settings of the repository at `root`. Raises FileIsWrong naming the setting."""

    class Here(Settings):
        model_config = SettingsConfigDict(toml_file=root / FILE)

    try:
        return Here()
    except ValidationError as error:
        problems = [_problem(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
        raise FileIsWrong(problems) from None
    except (OSError, ValueError) as error:
        raise FileIsWrong([Problem(FILE, 0, 0, f"cannot be read: {error}")]) from None


def _problem(name: str, message: str) -> Problem:
    where = f"{FILE}, pyproject.toml or {PREFIX}{name.upper()}"
    return Problem(where, 0, 0, f"setting `{name}`: {message[0].lower()}{message[1:]}")
