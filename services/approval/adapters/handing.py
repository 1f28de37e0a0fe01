"""The loops between us and the district's own system, where there is one."""

from dataclasses import dataclass

from chassis.clock import Clock
from chassis.event_store import TextVault
from chassis.postgres.database import Pool
from services.approval.adapters.calendars import HeardCalendars
from services.approval.adapters.district import DistrictSystem
from services.approval.adapters.handoff_queue import BreakerSettings, HandoffQueue
from services.approval.adapters.package import Packages
from services.approval.adapters.passes import SignedPasses
from services.approval.adapters.puller import Puller, Pulling, PullSettings
from services.approval.adapters.reconciling import Reconciler
from services.approval.adapters.recording import Recording, Retrying
from services.approval.adapters.sender import Handing, Sender, SenderSettings
from services.approval.adapters.telling import Telling
from services.approval.settings import ApprovalSettings
from services.approval.usecases.changing import CaseFiles
from services.approval.usecases.district import Reports


@dataclass(frozen=True, slots=True)
class Worker:
    """What both loops work with."""

    pool: Pool
    clock: Clock
    files: CaseFiles
    vault: TextVault
    reports: Reports
    calendars: HeardCalendars


def sender_of(worker: Worker, district: DistrictSystem, passes: SignedPasses, settings: ApprovalSettings) -> Sender:
    """Tells the district what it is owed."""
    queue = HandoffQueue(worker.pool, BreakerSettings(settings.breaker_failures, settings.breaker_probe_seconds))
    packages = Packages(worker.pool, worker.files, worker.vault, passes, settings.district_system)
    retrying = Retrying(settings.handoff_backoff_cap_seconds, settings.handoff_real_retry_seconds)
    recording = Recording(worker.pool, queue, worker.files, worker.reports, worker.calendars, retrying)
    handing = Handing(queue, Telling(district, packages), recording)
    pace = SenderSettings(concurrency=settings.handoff_concurrency, poll=settings.handoff_poll_seconds)
    return Sender(worker.pool, handing, worker.clock, pace)


def puller_of(worker: Worker, district: DistrictSystem, settings: ApprovalSettings) -> Puller:
    """Finds reports that never came."""
    pulling = Pulling(district, worker.files, worker.reports, worker.calendars)
    return Puller(worker.pool, pulling, worker.clock, PullSettings(settings.pull_seconds, settings.pull_page))


def reconciler_of(worker: Worker, district: DistrictSystem, settings: ApprovalSettings) -> Reconciler:
    """Finds where the district's list and our legs part."""
    puller = puller_of(worker, district, settings)
    return Reconciler(worker.pool, worker.files, district, puller, settings.district, settings.pull_page)
