"""Encodings and digests."""

import base64
import hashlib

from toolbuilder.synthesis.library.errors import InputError


def sha256_digest(text: str) -> str:
    """Compute the SHA-256 digest of the UTF-8 bytes of the text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def sha1_digest(text: str) -> str:
    """Compute the SHA-1 digest of the UTF-8 bytes of the text, in hexadecimal."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def md5_digest(text: str) -> str:
    """Compute the MD5 digest of the UTF-8 bytes of the text, in hexadecimal."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def base64_encode(text: str) -> str:
    """Encode the UTF-8 bytes of the text in Base64."""
    return base64.b64encode(text.encode()).decode("ascii")


def base64_decode(text: str) -> str:
    """Decode Base64 that holds UTF-8 text."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        raise InputError(f"not Base64 text: {text!r}") from None
