"""What the template of a repository is filled with."""

import json
from collections.abc import Mapping

from pydantic.fields import FieldInfo

from toolbuilder.setting_up.source import Source
from toolbuilder.spec.file import json_schema

TEMPLATE = "repository"
UNSET = "10.0  # an example: not set by default"  # TOML has no word for nothing, and these are all amounts


def answers_of(source: Source, branch: str, settings: Mapping[str, FieldInfo]) -> dict[str, object]:
    """Give the answers; `settings` are the fields of the settings' model."""
    return {
        "repository": source.repository,
        "commit": source.commit,
        "branch": json.dumps(branch),  # JSON is YAML: whatever the branch is called, it stays one value
        "schema": json.dumps(json_schema(), indent=2) + "\n",
        # Those that have another name in the environment are read from there only.
        "settings": [_line(name, field) for name, field in settings.items() if field.validation_alias is None],
    }


def _line(name: str, field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True)
    return f"{name} = {UNSET if default is None else json.dumps(default)}"
