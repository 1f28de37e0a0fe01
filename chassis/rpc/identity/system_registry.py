"""Systems by their client certificates: a registry maps SPIFFE names to systems and their places.

The registry is a mounted JSON file: {"spiffe://…": {"system": "PORTAL", "place": "*"}}; unknown names are refused.
A system without a place acts and reads nowhere; of one that works at one street, a register that names none for it is
refused. `destinations` lists those whose referrals a district system works on.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import structlog

from chassis.refusals import Unauthenticated
from chassis.rpc.identity.caller import ANY_PLACE, EVERY_STREET, NO_PLACE, Caller, PlaceRules, is_street, level_of
from chassis.settings.watched_file import UnusableFile, WatchedFile

_SPIFFE = b"spiffe://"
_NAMES = ("peer_spiffe_id", "x509_subject_alternative_name")
_log = structlog.get_logger(__name__)


class SystemRegistry:
    """Systems of one district by their certificate names; the file is read again when it is replaced."""

    def __init__(self, file: WatchedFile, district: str, places: PlaceRules = ANY_PLACE) -> None:
        self._file = file
        self._district = district
        self._places = places
        self._systems = self._first()

    def caller(self, presented: Mapping[str, Iterable[bytes]]) -> Caller | None:
        """System whose certificate the connection has proved; None without one. Raises Unauthenticated if unknown."""
        name = _spiffe_name(presented)
        if name is None:
            return None
        if self._file.changed():
            self._read_again()
        if name not in self._systems:
            raise Unauthenticated
        return self._systems[name]

    def _first(self) -> dict[str, Caller]:
        try:
            return self._read()
        except ValueError as error:
            raise UnusableFile(f"{self._file.path.name}: {error}") from error

    def _read_again(self) -> None:
        try:
            self._systems = self._read()
        except ValueError:
            _log.warning("register of systems unreadable", file=self._file.path.name)

    def _read(self) -> dict[str, Caller]:
        return _systems(self._file.read(), self._district, self._places)


def _spiffe_name(presented: Mapping[str, Iterable[bytes]]) -> str | None:
    found = {value for key in _NAMES for value in presented.get(key, ()) if value.startswith(_SPIFFE)}
    if len(found) > 1:  # a certificate with two names proves neither
        raise Unauthenticated
    return found.pop().decode("ascii", "replace") if found else None


def _systems(text: bytes, district: str, places: PlaceRules) -> dict[str, Caller]:
    try:
        return {name: _system(name, entry, district, places) for name, entry in json.loads(text).items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"the register of systems is not {{name: {{system, place}}}}: {error}") from error


def _system(name: str, entry: Mapping[str, Any], district: str, places: PlaceRules) -> Caller:
    system, named = entry["system"], entry.get("destinations")
    place = places.street_of(system, entry.get("place", NO_PLACE), district)
    if place not in (EVERY_STREET, NO_PLACE) and not is_street(place, district):
        raise ValueError(f"{name}: place {place} lies outside the district")
    if not places.fits(system, place):
        raise ValueError(f"{name}: a {system} works at one street, and place {place or 'without a code'} is none")
    destinations = None if named is None else frozenset(named)
    return Caller(name, True, frozenset(), district, place, level_of(place), system=system, destinations=destinations)
