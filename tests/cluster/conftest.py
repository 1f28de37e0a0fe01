"""The office on the cluster of the current KUBECONFIG: installed where it is not, left standing at the end."""

from collections.abc import Iterator

import pytest

from tests.cluster.office import Office, until
from tests.cluster.playing import Player, demand_nothing_lost, playing
from tools.cluster.install import Images, install
from tools.cluster.kube import Kube


def pytest_addoption(parser: pytest.Parser) -> None:
    """Option for the pace of lifecycles."""
    parser.addoption("--rate", type=float, default=0.0, help="lifecycles a second; 0: half of capacity, 50 at most")


@pytest.fixture(scope="session")
def kube() -> Kube:
    """The cluster that is tried."""
    return Kube.reached()


@pytest.fixture(scope="session")
def rate(request: pytest.FixtureRequest) -> float:
    """Lifecycles a second; 0 leaves it to the player."""
    return float(request.config.getoption("--rate"))


@pytest.fixture(scope="session")
def images() -> Images:
    """The images that are installed."""
    return Images()


@pytest.fixture(scope="session")
def installed(kube: Kube, images: Images) -> Office:
    """The release of this code."""
    office = Office(kube)
    if not kube.exists("namespace", kube.namespace) or not kube.exists("deployment", "onewindow-intake"):
        install(kube, images)
    return office


@pytest.fixture
def office(installed: Office) -> Office:
    """The office as a test finds it: everything stands."""
    until(installed.whole, "everything stands before the test", why=installed.kube.trouble)
    return installed


@pytest.fixture
def player(office: Office, images: Images, rate: float) -> Iterator[Player]:
    """Plays until the test has done what it does; then the ledger and the databases must agree."""
    with playing(office, images.onewindow, rate) as found:
        yield found
        demand_nothing_lost(found)
