"""Where questions are sent, and as whom; known without loading the SDK."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from pydantic import SecretStr

Provider: TypeAlias = Literal["anthropic", "bedrock", "vertex"]


@dataclass(frozen=True)
class Endpoint:
    """A provider and who asks it; what is empty is taken from where the provider's SDK looks for it.

    `enforced` is False for a server that knows no structured output: it is asked for the schema in words.
    """

    provider: Provider = "anthropic"
    key: SecretStr | None = None  # an API key, or for Vertex an access token
    base_url: str = ""
    region: str = ""  # Bedrock and Vertex
    project: str = ""  # Vertex
    enforced: bool = True
