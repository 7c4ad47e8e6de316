"""Parts of what is written by a rule: lines of words, paths, addresses, status codes, versions."""

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from toolbuilder.synthesis.library.errors import InputError

STATUS_CODE = re.compile(r"[1-5]\d\d")
VERSION = re.compile(r"v?(\d{1,18}(?:\.\d{1,18})*)")


def after_words(line: str, count: int) -> str:
    """Give what stands after the first words."""
    parts = line.split(maxsplit=count)
    if len(parts) <= count:
        raise InputError(f"no more than {len(parts)} words in {line!r}")
    return parts[count]


def file_extension(path: str) -> str:
    """Give what stands after the last dot of the file's name; nothing where there is none."""
    return PurePosixPath(path).suffix.removeprefix(".")


def first_segment(path: str) -> str:
    """Give the first of the names that slashes separate."""
    return path.strip("/").partition("/")[0]


def host_of(url: str) -> str:
    """Give the host of a web address, in lower case."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not host:
        raise InputError(f"there is no host in {url!r}")
    return host


def path_of(url: str) -> str:
    """Give the path of a web address, without its query."""
    try:
        return urlsplit(url).path
    except ValueError:
        raise InputError(f"not a web address: {url!r}") from None


def mail_domain(address: str) -> str:
    """Give what stands after the @ of an e-mail address."""
    name, mark, domain = address.rpartition("@")
    if not (name and mark and domain):
        raise InputError(f"not an e-mail address: {address!r}")
    return domain


def class_of_status(code: str) -> str:
    """Give the class of an HTTP status code: its first digit and two x."""
    if not STATUS_CODE.fullmatch(code):
        raise InputError(f"not an HTTP status code: {code!r}")
    return f"{code[0]}xx"


def version_numbers(version: str) -> list[int]:
    """Give the numbers of a version such as 1.10.2 or v2.0."""
    match = VERSION.fullmatch(version.strip())
    if match is None:
        raise InputError(f"not a version: {version!r}")
    return [int(number) for number in match[1].split(".")]


def without_quotes(text: str) -> str:
    """Leave out double quotes around the text."""
    quoted = len(text) > 1 and text.startswith('"') and text.endswith('"')
    return text[1:-1] if quoted else text
