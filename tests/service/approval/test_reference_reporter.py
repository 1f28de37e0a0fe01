"""Reports of the reference system at the real gateway: a report that is refused for good does not stop its day."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from onewindow.district.v1.district_service_pb2 import ReceiveCaseRequest

from law.workdays import state_council
from services.approval.handoff.adapters.obligations import district_key
from simulation.district.register import RegisteredCase
from simulation.district.reporter import Reporter
from simulation.district.system import ReferenceSystem
from tests.service.approval.edge import Door
from tests.service.approval.reference import Roads, open_reference
from tests.unit.approval.matters import ACCEPTED_ON, FORWARDED, RESIDENCE

pytestmark = pytest.mark.integration


async def test_a_decision_on_a_returned_case_is_settled_and_the_day_goes_on(door: Door, tmp_path: Path) -> None:
    world, token = door.world, tmp_path / "token"
    token.write_text(door.district_token())
    async with open_reference(world) as reference:
        roads = Roads(world, reference)
        first, second = [world.leg_key(await world.refer(FORWARDED)).file_id for _ in range(2)]
        await roads.hand_over()
        register = reference.register
        reporter = Reporter(register, world.clock, "unused", token)
        register.close(str(first), "returned", "", "", "材料不清。")
        await reporter._finish_day(door.gateway)
        register.alter(str(first), {"stage": "received", "reasons": ""})  # and the district decides it all the same
        world.clock.set(ACCEPTED_ON + timedelta(days=30))
        assert await reporter._finish_day(door.gateway)
        assert reporter.day == world.clock.today().isoformat()
        assert [(each.key, each.refusal) for each in register.refused()] == [(str(first), "ALREADY_RETURNED")]
        assert await world.kinds(district_key("440105", second)) == [
            "case_opened",
            "handoff_acknowledged",
            "district_decided",
        ]


@pytest.mark.parametrize("days_held_up", [0, 1])
async def test_a_package_that_was_held_up_is_decided_as_if_it_had_not_been(door: Door, days_held_up: int) -> None:
    world = door.world
    async with open_reference(world) as reference:
        leg = world.leg_key(await world.refer(RESIDENCE)).file_id
        planned = ReferenceSystem(reference.register, world.clock, state_council(), reference.faults)
        referred_on = world.clock.today()
        package = ReceiveCaseRequest(number=await world.value("select number from case_file limit 1"))
        package.destination, package.opinion = "public_security", "同意转报。"
        planned_on = planned._decides_on(package, referred_on)
        world.clock.set(referred_on + timedelta(days=days_held_up))
        await Roads(world, reference).hand_over()
        case = reference.register.find(str(leg))
    assert case is not None
    assert case.received_on == world.clock.today().isoformat()
    assert case.decides_on == planned_on.isoformat()


async def test_a_year_that_is_played_again_has_the_same_days_of_decision_whatever_the_order(door: Door) -> None:
    """Keys and serial numbers differ from run to run; what the street writes on a matter does not."""
    runs: list[dict[int, str]] = []
    for serials in (range(5), reversed(range(7, 12))):
        async with open_reference(door.world) as reference:
            planned = ReferenceSystem(reference.register, door.world.clock, state_council(), reference.faults)
            days = {}
            for matter, serial in zip(range(5) if runs else reversed(range(5)), serials, strict=True):
                number, opinion = f"11440105K316057885544010500100120160301{serial:04}", f"建议转报。(收件第{matter}号)"
                package = ReceiveCaseRequest(number=number, destination="housing", opinion=opinion)
                day = planned._decides_on(package, ACCEPTED_ON).isoformat()
                case = RegisteredCase(str(uuid4()), "", number, "Q", ACCEPTED_ON.isoformat(), day)
                days[matter] = reference.register.receive(case).decides_on
            runs.append(days)
    assert runs[0] == runs[1] and len(set(runs[0].values())) > 1
