"""Digests: how a value becomes the same short name on every machine."""

import hashlib
import json
from collections.abc import Mapping

from pydantic import BaseModel

DIGEST_LENGTH = 32


def digest(*parts: object) -> str:
    """Name any values by content: 32 hexadecimal digits (128 bits) of the SHA-256 of their canonical JSON.

    Models are dumped and bytes hashed. Raises TypeError for what has no canonical form.
    """
    text = canonical_json(list(parts))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:DIGEST_LENGTH]  # paths may not be UTF-8


def digest_files(files: Mapping[str, bytes]) -> str:
    """Name a set of files by their paths and contents; their order does not count."""
    return digest({path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)})


def canonical_json(value: object) -> str:
    """Give the JSON text of a value: no white space, non-ASCII as it is, keys in their order, which is meant.

    An example that says `{INFO: 2, ERROR: 1}` asks for another output than one that says `{ERROR: 1, INFO: 2}`.
    """
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"{type(value).__name__} has no canonical JSON form")
