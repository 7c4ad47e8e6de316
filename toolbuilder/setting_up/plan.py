"""Everything that setting up changes, decided before anything is written."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from toolbuilder.setting_up.deciding import PROPOSED, SPECS, Change, Merge, Versions, decide, kind_of, texts_to_record
from toolbuilder.setting_up.record import PATH, Record, record_bytes
from toolbuilder.setting_up.source import Source


@dataclass(frozen=True)
class Plan:
    """What becomes of each file, and what to write for it."""

    changes: tuple[Change, ...]
    record: bytes

    @property
    def writes(self) -> dict[str, bytes]:
        """Give the files to write; the record comes last, so that a killed run is finished by the next."""
        files = {change.target: change.content for change in self.changes if change.content is not None}
        return {**files, PATH: self.record}

    def of(self, *outcomes: str) -> list[str]:
        """Give the paths with these outcomes."""
        return [change.path for change in self.changes if change.outcome in outcomes]


def paths_of(record: Record | None, fresh: Mapping[str, bytes]) -> list[str]:
    """Give every path that has to be looked at."""
    paths = sorted({*(record.texts if record else {}), *fresh})
    return [*paths, *(f"{path}{PROPOSED}" for path in paths), PATH]


def planned(
    record: Record | None,
    present: Mapping[str, bytes | None],
    fresh: Mapping[str, bytes],
    merge: Merge,
    *,
    update: bool,
) -> dict[str, Change]:
    """Decide about every file."""
    base = record.texts if record else {}
    paths = sorted({*base, *fresh})
    versions = [
        Versions(path, base.get(path), present[path], fresh.get(path), present[f"{path}{PROPOSED}"] is not None, update)
        for path in paths
    ]
    return {one.path: decide(one, merge) for one in versions}


def plan(
    version: str, source: Source, record: Record | None, changes: Mapping[str, Change], fresh: Mapping[str, bytes]
) -> Plan:
    """Give the whole of it. What was put off leaves the version and the source that are remembered as they were."""
    texts = texts_to_record(changes, record.texts if record else {}, fresh)
    put_off = record is not None and any(change.outcome == "outdated" for change in changes.values())
    told = (record.version, record.origin) if record and put_off else (version, source)
    return Plan(tuple(changes.values()), record_bytes(*told, texts))


def without_first_spec(
    fresh: Mapping[str, bytes], record: Record | None, specs: AbstractSet[str]
) -> Mapping[str, bytes]:
    """Leave the first spec out where there are others, unless it was written before."""
    if not specs - set(fresh):
        return fresh
    return {
        path: text for path, text in fresh.items() if not path.startswith(SPECS) or (record and path in record.texts)
    }


def newer(record: Record, fresh: Mapping[str, bytes]) -> tuple[str, ...]:
    """Give the files that would be written differently now than they were."""
    renewed = {path: text for path, text in fresh.items() if kind_of(path) in {"ours", "lines"}}
    return tuple(path for path, text in sorted(renewed.items()) if record.texts.get(path) != text)
