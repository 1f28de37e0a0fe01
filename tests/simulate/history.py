"""Random histories: courses of matters as offices know them, then what crosses them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from protocol.streams import SERVICES, STREAMS
from tests.simulate.acts import OTHER_CONTENT
from tests.simulate.conditions import Conditions
from tests.simulate.outside import OutsideFaults
from tests.simulate.steps import QUIET, THEN, TOGETHER, Step
from tests.simulate.streams import StreamFaults

_ITEMS = ("promised", "promised", "calendar", "instant", "referred", "referred", "at_district", "at_district")
STAGES: Mapping[str, tuple[str, ...]] = {
    "received": ("submit",),
    "accepted": ("submit", "accept"),
    "reviewed": ("submit", "accept", "claim", "complete step"),
    "referred": ("submit", "accept", "claim", "complete step", "refer"),
    "returned": ("submit", "accept", "claim", "complete step", "refer", "return case"),
    "decided": ("submit", "accept", "claim", "complete step", "decide"),
    "in correction": ("submit", "request correction"),
}
"""Stages with which a history can begin, and the acts that lead there."""
_USUAL = {
    "submit": "clerk",
    "accept": "clerk",
    "claim": "reviewer",
    "complete step": "reviewer",
    "refer": "head",
    "decide": "head",
    "return case": "district",
    "request correction": "clerk",
}
_MOST_STEPS = 6
"""Steps of a course that are played: what goes wrong goes wrong between few acts."""
_CLERKS, _REVIEWERS = ("clerk", "clerk2"), ("reviewer", "reviewer2")


@dataclass(frozen=True, slots=True)
class Beginning:
    """A matter that has come so far before the history begins; the world with it is made once, and copied."""

    item: str = ""
    stage: str = ""
    """Empty for a world without matters."""

    def __str__(self) -> str:
        return f"begins with matter 1, {self.item}, {self.stage}" if self.stage else "begins without matters"


@dataclass(frozen=True, slots=True)
class History:
    """One history: its seed, the conditions of its world, its beginning, its steps, and the seed of its chances."""

    seed: int
    conditions: Conditions
    begins: Beginning
    steps: tuple[Step, ...]
    chances: int = 0
    """Which of the courses that chance can take with these steps."""

    def __str__(self) -> str:
        return "\n".join([f"     {self.begins}", *map(str, self.steps)])


def history_of(seed: int) -> History:
    """The history of a seed."""
    random = Random(f"history/{seed}")
    matters = 1 if random.random() < 0.85 else 2
    courses = [_course(random, number) for number in range(matters)]
    begins = _beginning(random, courses[0])
    for course in courses:
        del course[random.randint(2, _MOST_STEPS) :]
    steps = _crossed(random, _woven(random, courses))
    numbered = [replace(_keyed(random, step), number=n) for n, step in enumerate(steps, start=1)]
    return History(seed, _conditions(random), begins, tuple(numbered))


def _keyed(random: Random, step: Step) -> Step:
    """The step with a key of its own, unless it has one."""
    return step if step.key else replace(step, key=random.getrandbits(31) + 1)


def _conditions(random: Random) -> Conditions:
    def often(most: float) -> float:
        return 0.0 if random.random() < 0.5 else random.random() * most

    return Conditions(
        late=random.choice((0.0, 0.05, 0.1, 0.3)),
        longest=random.choice((0.01, 0.1, 1.0)),
        streams=StreamFaults(often(0.3), often(0.4), often(0.2)),
        district=OutsideFaults(often(0.3), often(0.3), 0.0),
        gateway=OutsideFaults(often(0.3), often(0.3), often(0.2)),
    )


def _course(random: Random, matter: int) -> list[Step]:
    """A matter as it usually goes."""
    item = random.choice(_ITEMS)

    def step(act: str, who: str, **options: Any) -> Step:
        return Step(act, matter, who, options=tuple(options.items()))

    clerk, reviewer = random.choice(_CLERKS), random.choice(_REVIEWERS)
    if item == "instant":
        course = [step("complete at once", clerk, item=item)]
        if random.random() < 0.3:
            course = [step("submit", clerk, item=item), step("complete", clerk)]
        return [*course, step("rate", clerk, grade=random.randint(1, 5))]
    corrected = random.random() < 0.25
    course = [step("submit", clerk, item=item, complete=not corrected, online=random.random() < 0.3)]
    if corrected:
        repeats = 1 + (random.random() < 0.3)  # a second demand is a supplement
        course += [step("request correction", clerk), step("supply correction", clerk)] * repeats
    chance = random.random()
    if chance < 0.06:
        return [*course, step("decline", clerk)]
    course.append(step("forward", "", days=random.randint(6, 9)) if chance < 0.16 else step("accept", clerk))
    course += [step("claim", reviewer, after=random.random() < 0.5), step("complete step", reviewer)]
    if random.random() < 0.25:
        course += _special_procedure(random, matter, reviewer)
    if random.random() < 0.15:
        course.append(step("extend", "head", days=random.randint(1, 10)))
    if item in ("referred", "at_district"):
        course.append(step("refer", "head"))
        if random.random() < 0.2:
            course += _procedure_at_district(random, matter)
        if random.random() < 0.15:
            course.append(_extension_at_district(random, matter))
        if random.random() < 0.2:
            days = {"returned_on": "yesterday"} if random.random() < 0.3 else {}
            course += [step("return case", "district", **days), step("refer", "head")]
        if random.random() < 0.3:
            course.append(step("report progress", "district"))
        course.append(_district_decision(random, matter))
    else:
        course.append(step("decide", "head", granted=random.random() < 0.8))
    if random.random() < 0.2:
        course.append(step("offer", clerk, by_mail=random.random() < 0.5, after=random.random() < 0.5))
    if random.random() < 0.7:
        course.append(step("collect", clerk, in_person=random.random() < 0.8, after=random.random() < 0.5))
    if random.random() < 0.7:
        course.append(step("rate", clerk, grade=random.randint(1, 5), after=random.random() < 0.5))
    return course


def _special_procedure(random: Random, matter: int, reviewer: str) -> list[Step]:
    """A procedure that the head orders, or a reviewer with the head's approval; late with its true days, or in time."""
    forward = Step("forward", matter, options=(("days", random.randint(1, 6)),))
    late = random.random() < 0.3
    options = (("first_on", "yesterday"), ("last_on", random.choice(("today", "yesterday")))) if late else ()
    order = Step("pause", matter, reviewer if random.random() < 0.5 else "head", options=options)
    steps = [forward, order] if late else [order]
    if order.who == reviewer:
        steps.append(Step("approve pause" if random.random() < 0.7 else "decline pause", matter, "head"))
    return steps if late else [*steps, forward, Step("resume", matter, "head")]


def _procedure_at_district(random: Random, matter: int) -> list[Step]:
    """A procedure that the district reports, some days after it began."""
    first_on, last_on = random.choice((("today", "today"), ("yesterday", "today"), ("yesterday", "yesterday")))
    return [
        Step("forward", matter, options=(("days", random.randint(1, 4)),)),
        Step("report pause", matter, "district", options=(("first_on", first_on),)),
        Step("report resumption", matter, "district", options=(("last_on", last_on),)),
    ]


def _extension_at_district(random: Random, matter: int) -> Step:
    """An extension that the district approved, and reports on that day or the day after."""
    days, on = random.randint(1, 10), random.choice(("today", "today", "yesterday"))
    return Step("report extension", matter, "district", options=(("days", days), ("on", on)))


def _beginning(random: Random, course: list[Step]) -> Beginning:
    """Most histories begin with a matter under way: the first steps of its course are left out."""
    item = course[0].option("item")
    acts = [step.act for step in course]
    stages = [stage for stage in STAGES if acts[: len(STAGES[stage])] == list(STAGES[stage])]
    if not stages or random.random() < 0.15:
        return Beginning()
    stage = random.choice(stages)
    del course[: len(STAGES[stage])]
    return Beginning(item, stage)


def prologue(begins: Beginning) -> list[Step]:
    """The steps that lead to a beginning."""
    return [
        Step(act, 0, _USUAL[act], QUIET, _of_beginning(begins), key=-number, number=0)
        for number, act in enumerate(STAGES[begins.stage], start=1)
    ]


def _of_beginning(begins: Beginning) -> tuple[tuple[str, Any], ...]:
    return ("item", begins.item), ("complete", begins.stage != "in correction")


def _district_decision(random: Random, matter: int) -> Step:
    act = "report decision" if random.random() < 0.8 else "decide on the list"
    return Step(act, matter, "district", options=(("granted", random.random() < 0.7),))


def _woven(random: Random, courses: Sequence[list[Step]]) -> list[Step]:
    """The courses as one, each in its order."""
    waiting = [list(course) for course in courses if course]
    woven = []
    while waiting:
        course = random.choice(waiting)
        woven.append(course.pop(0))
        waiting = [course for course in waiting if course]
    return [replace(step, moment=_moment(random)) for step in woven]


def _moment(random: Random) -> str:
    chance = random.random()
    return QUIET if chance < 0.55 else THEN if chance < 0.9 else TOGETHER


def _crossed(random: Random, steps: list[Step]) -> list[Step]:
    """The steps with what crosses them: the applicant, rivals, repeats, time, and failures of machines."""
    crossings = (
        (0.45, _withdrawal),
        (0.35, _rival),
        (0.45, _repeat),
        (0.25, _stranger),
        (0.30, _time),
        (0.45, _machine),
        (0.25, _machine),
        (0.20, _second_report),
    )
    for chance, cross in crossings:
        if random.random() < chance:
            cross(random, steps)
    return steps


def _place(random: Random, steps: list[Step]) -> int:
    return random.randint(min(1, len(steps)), len(steps))


def _withdrawal(random: Random, steps: list[Step]) -> None:
    place = _place(random, steps)
    moment = TOGETHER if random.random() < 0.5 else _moment(random)
    steps.insert(place, Step("withdraw", steps[place - 1].matter if steps else 0, random.choice(_CLERKS), moment))


def _rival(random: Random, steps: list[Step]) -> None:
    """Another act on the same matter at the same instant."""
    place = _place(random, steps)
    act, who = random.choice(
        (
            ("accept", "clerk"),
            ("decline", "clerk2"),
            ("request correction", "clerk2"),
            ("decide", "head"),
            ("refer", "head"),
            ("pause", "reviewer"),
            ("approve pause", "head"),
            ("report pause", "district"),
            ("report extension", "district"),
            ("offer", "clerk"),
            ("resume", "head"),
            ("claim", "reviewer2"),
            ("release", "reviewer"),
            ("rate", "clerk"),
            ("collect", "clerk"),
            ("extend", "head"),
            ("report decision", "district"),
            ("return case", "district"),
        )
    )
    options = (("granted", random.random() < 0.5),) if act in ("decide", "report decision") else ()
    steps.insert(place, Step(act, steps[place - 1].matter if steps else 0, who, TOGETHER, options))


def _repeat(random: Random, steps: list[Step]) -> None:
    """The same request id again, with the same or with other content."""
    acts = [n for n, step in enumerate(steps) if step.is_act]
    if not acts:
        return
    of = random.choice(acts)
    first = steps[of] = _keyed(random, steps[of])
    options = dict(first.options)
    if random.random() < 0.4 and first.act in OTHER_CONTENT:
        options |= OTHER_CONTENT[first.act]
    place = min(len(steps), of + 1 + (0 if random.random() < 0.5 else random.randint(0, 4)))
    moment = TOGETHER if random.random() < 0.4 else _moment(random)
    steps.insert(place, replace(first, moment=moment, options=tuple(options.items())))


def _stranger(random: Random, steps: list[Step]) -> None:
    """An act by a desk that it does not belong to."""
    acts = [n for n, step in enumerate(steps) if step.is_act and step.who not in ("", "district")]
    if not acts:
        return
    of = random.choice(acts)
    who = random.choice(("stranger", "clerk", "clerk2", "reviewer", "head", "supervisor"))
    if random.random() < 0.4:  # request ids of two callers are two
        steps[of] = _keyed(random, steps[of])
    steps.insert(of, replace(steps[of], who=who, moment=_moment(random)))


def _time(random: Random, steps: list[Step]) -> None:
    place = _place(random, steps)
    if random.random() < 0.25:
        steps.insert(place, Step("evening", moment=QUIET))
    else:
        days = random.choice((1, 1, 1, 2, 2, 3, 5, 8, 15)) if random.random() < 0.97 else 40
        steps.insert(place, Step("forward", moment=_moment(random), options=(("days", days),)))


def _machine(random: Random, steps: list[Step]) -> None:
    """A process is killed or loses its leadership, a consumer stops for a while, the district's list is read."""
    place = _place(random, steps)
    chance = random.random()
    if chance < 0.45:
        options: tuple[tuple[str, Any], ...] = (("service", random.choice(SERVICES)), ("replica", random.randint(1, 2)))
        steps.insert(place, Step("kill", moment=TOGETHER if random.random() < 0.7 else THEN, options=options))
    elif chance < 0.6:
        options = (("service", random.choice(SERVICES)),)
        steps.insert(place, Step("take over", moment=TOGETHER, options=options))
    elif chance < 0.9:
        one = random.choice(STREAMS)
        options = (("service", random.choice(one.receivers)), ("source", one.source))
        steps.insert(place, Step("consumer stops", moment=TOGETHER, options=options))
        back = random.randint(place + 1, max(place + 1, min(len(steps), place + 6)))
        steps.insert(back, Step("consumer resumes", moment=THEN, options=options))
    else:
        steps.insert(place, Step("pull", moment=THEN))


def _second_report(random: Random, steps: list[Step]) -> None:
    """The district reports again: the same decision under another key, on another day, or otherwise."""
    reports = [n for n, step in enumerate(steps) if step.act == "report decision"]
    if not reports:
        return
    of = random.choice(reports)
    again = steps[of]
    if random.random() < 0.2:
        again = steps[of] = _keyed(random, again)
    options = dict(again.options)
    if random.random() < 0.6:
        options["on"] = random.choice(("tomorrow", "9999-12-31", "yesterday"))
    else:
        options["granted"] = not options.get("granted", True)
    moment = random.choice((TOGETHER, THEN, QUIET))
    steps.insert(of + 1, replace(again, moment=moment, options=tuple(options.items())))
