"""Control paths of the reference system, over HTTP, for tests and for the office clock."""

from aiohttp import web

from simulation.district.register import DistrictRegister
from simulation.district.reporter import Reporter
from simulation.district.system import FAULTS, FaultPlan


def control(register: DistrictRegister, reporter: Reporter, faults: FaultPlan) -> web.Application:
    """GET /pending, GET /refused, POST /faults, /return, /forget, /alter."""
    paths = _ControlPaths(register, reporter, faults)
    app = web.Application()
    app.router.add_get("/pending", paths.pending)
    app.router.add_get("/refused", paths.refused)
    app.router.add_post("/faults", paths.plan_faults)
    app.router.add_post("/return", paths.send_back)
    app.router.add_post("/forget", paths.forget)
    app.router.add_post("/alter", paths.alter)
    return app


class _ControlPaths:
    def __init__(self, register: DistrictRegister, reporter: Reporter, faults: FaultPlan) -> None:
        self._register = register
        self._reporter = reporter
        self._faults = faults

    async def pending(self, _: web.Request) -> web.Response:
        """The newest settled day, and the numbers of cases that are unreported, refused for good, and open."""
        register = self._register
        counts = {"unreported": len(register.unreported()), "refused": len(register.refused()), "open": register.open()}
        return web.json_response({"day": self._reporter.day, **counts})

    async def refused(self, _: web.Request) -> web.Response:
        """Reports that onewindow refused for good: key of the case, key of the report, reason."""
        fields = ("key", "report_key", "refusal")
        refused = self._register.refused()
        return web.json_response([{name: getattr(case, name) for name in fields} for case in refused])

    async def plan_faults(self, request: web.Request) -> web.Response:
        """{"kind", "count"}: the next `count` calls go wrong."""
        wanted = await request.json()
        if wanted.get("kind") not in FAULTS or not isinstance(wanted.get("count"), int):
            return web.json_response({"error": f"kind: one of {', '.join(FAULTS)}; count: a number"}, status=400)
        self._faults.order(wanted["kind"], wanted["count"])
        return web.json_response({})

    async def send_back(self, request: web.Request) -> web.Response:
        """{"key", "reasons"}: the case goes back to the street."""
        wanted = await request.json()
        case = self._register.find(str(wanted.get("key")))
        if case is None or case.stage != "received":
            return web.json_response({"error": "key: no open case"}, status=404)
        self._register.close(
            case.key, "returned", "", self._reporter.today, str(wanted.get("reasons") or "材料内容不一致")
        )
        return web.json_response({})

    async def forget(self, request: web.Request) -> web.Response:
        """{"key"}: the case is lost, as by a restored backup."""
        wanted = await request.json()
        return _found(self._register.forget(str(wanted.get("key"))))

    async def alter(self, request: web.Request) -> web.Response:
        """{"key", "to": {…}}: columns of the case are set without a change in the list."""
        wanted = await request.json()
        try:
            values = {name: str(value) for name, value in dict(wanted["to"]).items()}
            return _found(self._register.alter(str(wanted.get("key")), values))
        except (KeyError, ValueError) as error:
            return web.json_response({"error": f"to: {error}"}, status=400)


def _found(found: bool) -> web.Response:
    return web.json_response({} if found else {"error": "key: no case"}, status=200 if found else 404)
