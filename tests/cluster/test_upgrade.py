"""Bar 6: from a release with an older schema that does not know a kind of fact to this one under load, and back."""

from functools import partial
from pathlib import Path

import pytest

from tests.cluster.office import Office, say, until
from tests.cluster.older import UNKNOWN_KIND, has_the_last_migration, lack_the_last_migration, older_chart
from tests.cluster.playing import Player, timed
from tools.cluster.install import CHART
from tools.cluster.kube import RELEASE

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1800)]


def test_an_upgrade_and_its_rollback_fail_no_call_and_what_was_not_known_waits(player: Player) -> None:
    office = player.office
    lack_the_last_migration(office)
    with older_chart() as older:
        with timed(player, "the older release"):
            _upgrade(office, older, "--no-hooks")
            assert not has_the_last_migration(office)
        with timed(player, "upgrade from the older release to this one"):
            _wait_for_parked(office)
            _upgrade(office, CHART)
            assert has_the_last_migration(office)
        with timed(player, "rollback to the older release"):
            office.kube.helm("rollback", RELEASE, "--wait", "--timeout=8m")
            office.until_whole()
        with timed(player, "upgrade to this one again"):
            _wait_for_parked(office)
            _upgrade(office, CHART)


def _upgrade(office: Office, chart: Path, *words: str) -> None:
    office.kube.helm("upgrade", RELEASE, str(chart), "--reuse-values", *words, "--wait", "--timeout=8m")
    office.until_whole()


def _wait_for_parked(office: Office) -> None:
    """The older release meets what it does not know, and lets it wait."""
    for service in ("notify", "metrics"):
        until(partial(_some_parked, office, service), f"a fact waits at {service}")
        say(f"  {_parked(office, service)} facts of a kind that {service} does not know wait")


def _some_parked(office: Office, service: str) -> bool:
    return _parked(office, service) > 0


def _parked(office: Office, service: str) -> int:
    return office.number(service, f"select count(*) from parked where kind = '{UNKNOWN_KIND}'")
