"""Bar 6: from the last release to this one under load, back, and again; a kind of fact that a release does not know."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.cluster.office import Office, say, until
from tests.cluster.older import UNKNOWN_KIND, older_chart
from tests.cluster.playing import Player, demand_nothing_lost, playing, timed
from tools.cluster import last_release
from tools.cluster.install import CHART, Images, chart, install
from tools.cluster.kube import RELEASE, Kube

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(2400)]


@pytest.fixture
def released(kube: Kube, images: Images) -> Iterator[Office]:
    """The last release in a namespace that had nothing before, installed by its own tree."""
    if not last_release.in_this_clone():
        pytest.skip(str(last_release.ReleaseMissing()))
    if not last_release.on_every_node(kube):
        pytest.fail(f"no {last_release.image()} on the nodes: python -m tools.cluster.last_release builds it")
    kube.run("delete", "namespace", kube.namespace, "--ignore-not-found", "--wait=true", "--timeout=180s")
    with last_release.checkout() as tree:
        last_release.install(tree, images)
    office = Office(kube)
    office.until_whole()
    assert _inbox_table(office) == "heard", "the last release has the old names of its tables"
    yield office
    install(kube, images)  # simulators and servers for trying out are of this release again


def test_from_the_last_release_to_this_one_and_back_no_call_fails(
    released: Office, images: Images, rate: float
) -> None:
    office = released
    with playing(office, images.onewindow, rate) as player:
        with timed(player, f"release {last_release.VERSION}"):
            say(f"  {office.number('intake', 'select count(*) from fact')} facts before the upgrade")
        with timed(player, f"upgrade from {last_release.VERSION} to this release"):
            chart(office.kube, images, [])
            office.until_whole()
            assert _inbox_table(office) == "inbox"
        with timed(player, f"rollback to {last_release.VERSION}"):
            office.kube.helm("rollback", RELEASE, "--wait", "--timeout=8m")
            office.until_whole()
        with timed(player, "upgrade to this release again"):
            chart(office.kube, images, [])
            office.until_whole()
        demand_nothing_lost(player)


def test_a_kind_that_a_release_does_not_know_waits_until_it_is_known(player: Player) -> None:
    office = player.office
    with older_chart() as older:
        with timed(player, "a release that does not know a kind"):
            _upgrade(office, older, "--no-hooks")
        with timed(player, "upgrade to this release"):
            _wait_for_parked(office)
            _upgrade(office, CHART)
        with timed(player, "rollback"):
            office.kube.helm("rollback", RELEASE, "--wait", "--timeout=8m")
            office.until_whole()
        with timed(player, "upgrade to this release again"):
            _wait_for_parked(office)
            _upgrade(office, CHART)


def _upgrade(office: Office, at: Path, *words: str) -> None:
    office.kube.helm("upgrade", RELEASE, str(at), "--reuse-values", *words, "--wait", "--timeout=8m")
    office.until_whole()


def _wait_for_parked(office: Office) -> None:
    """The release meets the kind that it does not know, and parks it."""
    for service in ("notify", "metrics"):
        until(partial(_some_parked, office, service), f"a fact waits at {service}")
        say(f"  {_parked(office, service)} facts of a kind that {service} does not know wait")


def _some_parked(office: Office, service: str) -> bool:
    return _parked(office, service) > 0


def _parked(office: Office, service: str) -> int:
    return office.number(service, f"select count(*) from parked where kind = '{UNKNOWN_KIND}'")


def _inbox_table(office: Office) -> str:
    """The name of the table in which a service stores what it receives."""
    sql = "select relname from pg_class where relname in ('inbox', 'heard') and relkind = 'r'"
    [[name]] = office.rows("notify", sql)
    return name
