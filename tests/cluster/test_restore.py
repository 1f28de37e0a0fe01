"""Bar 5: PostgreSQL and NATS are destroyed and restored: nothing differs, and what was under way goes on."""

import pytest

from tests.cluster.office import SERVICES, Office, say, until
from tests.cluster.playing import Player, timed
from tools.cluster.install import Images
from tools.cluster.restore import back_up, restore, stop_servers

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1800)]

_FIGURES = "select count(*), md5(string_agg({} :: text, ',' order by {})) from figures"
_DATES = "(number, received_on, accepted_on, due_on, closed_on, outcome)"
_FACTS = "select kind, count(*) from fact group by kind order by kind"
_VOLUMES = ("volume-onewindow-postgres-0", "volume-onewindow-nats-0")


def test_both_servers_are_destroyed_and_restored_and_cases_in_flight_go_on(player: Player, images: Images) -> None:
    office = player.office
    with timed(player, "a physical copy under load"):
        back_up(office.kube)
    under_way = player.pause()
    accepted, decided = under_way.acknowledged("accept"), under_way.acknowledged("decide")
    say(f"{len(accepted)} matters accepted, {len(accepted) - len(decided)} of them under way")
    office.settle()
    before = _all(office)
    _archived(office)
    _destroyed(office)
    restore(office.kube, images)
    office.until_whole()
    assert _all(office) == before
    with timed(player, "lifecycles go on"):
        player.go_on()
    assert player.ledger().acknowledged("decide") > decided


def _all(office: Office) -> dict[str, list[list[str]]]:
    """Every count of facts, and number and dates of every matter."""
    facts = {service: office.rows(service, _FACTS) for service in SERVICES}
    figures = {service: office.rows(service, _FIGURES.format(_DATES, _DATES)) for service in ("intake", "approval")}
    return {**facts, **{f"figures of {service}": rows for service, rows in figures.items()}}


def _archived(office: Office) -> None:
    """The last of the WAL lies beside the copy; without being asked, it does so a minute later."""
    [[segment]] = office.rows("postgres", "select pg_walfile_name(pg_switch_wal())")
    archived = f"select count(*) from pg_stat_archiver where last_archived_wal >= '{segment}'"
    until(lambda: office.number("postgres", archived) == 1, f"{segment} archived", 120.0)


def _destroyed(office: Office) -> None:
    stop_servers(office.kube)
    for volume in _VOLUMES:
        office.kube.run("delete", "pvc", volume, "--wait=true", "--timeout=120s")
