"""What was set up, as a file of the repository: `--update` merges three ways with it as the base.

The texts themselves stand in it, not digests or refs of them: so it works in every clone, whatever was committed since.
"""

from collections.abc import Mapping

from pydantic import Field

from toolbuilder.setting_up.source import Source, parse_source
from toolbuilder.spec import Words
from toolbuilder.yaml_files.models import read_model, write_model

PATH = ".toolbuilder/init.yaml"
NOTICE = (
    "# Written by `toolbuilder init`, which needs it to renew what it wrote; change the files themselves instead.\n"
)


class Written(Words):
    """One file as it was written."""

    path: str
    text: str


class Record(Words):
    """Which version was set up from where, and what every file was like then."""

    version: str
    source: str
    files: tuple[Written, ...] = Field(default=())

    @property
    def texts(self) -> Mapping[str, bytes]:
        """Give the files by path, as they were written."""
        return {file.path: file.text.encode() for file in self.files}

    @property
    def origin(self) -> Source:
        """Give where it came from. Raises FileIsWrong where somebody wrote something else there."""
        return parse_source(self.source, PATH)


def read_record(content: bytes) -> Record:
    """Read the record. Raises FileIsWrong with every problem."""
    return read_model(content, PATH, Record)


def record_bytes(version: str, source: Source, texts: Mapping[str, bytes]) -> bytes:
    """Give the record as a file."""
    files = tuple(Written(path=path, text=texts[path].decode()) for path in sorted(texts))
    return NOTICE.encode() + write_model(Record(version=version, source=str(source), files=files))
