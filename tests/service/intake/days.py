"""Days that pass at a running intake, and applications as they stand afterwards."""

from datetime import datetime

import asyncpg
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from tests.service.intake.intake_service import RunningIntake


async def days_pass(intake: RunningIntake, instant: datetime) -> None:
    """Turn the clock, and wait until every sweep has finished the day."""
    intake.set_clock(instant)
    owner = await asyncpg.connect(intake.database.dsn("worker"))
    try:
        await owner.execute("select set_config('app.district', '440105', false), set_config('app.street', '*', false)")
        settled: list[bool] = []

        async def look() -> None:
            settled.append(await owner.fetchval("select unsettled($1) = '{}'", instant.date()))

        await look()
        while not settled[-1]:
            await look()
    finally:
        await owner.close()


async def read(intake: RunningIntake, application_id: str) -> application_pb.Application:
    """An application as a clerk reads it."""
    clerk = intake.clerk()
    request = application_pb.GetApplicationRequest(application_id=application_id)
    return (await clerk.windows.GetApplication(request, metadata=clerk.signed)).application


async def facts_of(intake: RunningIntake, application_id: str) -> list[IntakeEvent]:
    """Every fact of an application."""
    owner = await asyncpg.connect(intake.database.dsn())
    try:
        rows = await owner.fetch("select body from fact where file_id = $1 order by revision", application_id)
        return [IntakeEvent.FromString(row["body"]) for row in rows]
    finally:
        await owner.close()
