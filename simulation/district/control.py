"""Control paths of the reference system, over HTTP, for tests and for the office clock."""

from aiohttp import web

from simulation.district.register import DistrictRegister
from simulation.district.reporter import Reporter
from simulation.district.system import FAULTS, FaultPlan


def control(register: DistrictRegister, reporter: Reporter, faults: FaultPlan) -> web.Application:
    """GET /pending, GET /refused, POST /faults, /return, /forget, /alter."""

    async def pending(_: web.Request) -> web.Response:
        """The newest settled day, and the numbers of cases that are unreported, refused for good, and open."""
        counts = {"unreported": len(register.unreported()), "refused": len(register.refused()), "open": register.open()}
        return web.json_response({"day": reporter.day, **counts})

    async def refused(_: web.Request) -> web.Response:
        """Reports that onewindow refused for good: key of the case, key of the report, reason."""
        fields = ("key", "report_key", "refusal")
        return web.json_response([{name: getattr(case, name) for name in fields} for case in register.refused()])

    async def plan_faults(request: web.Request) -> web.Response:
        """{"kind", "count"}: the next `count` calls go wrong."""
        wanted = await request.json()
        if wanted.get("kind") not in FAULTS or not isinstance(wanted.get("count"), int):
            return web.json_response({"error": f"kind: one of {', '.join(FAULTS)}; count: a number"}, status=400)
        faults.order(wanted["kind"], wanted["count"])
        return web.json_response({})

    async def send_back(request: web.Request) -> web.Response:
        """{"key", "reasons"}: the case goes back to the street."""
        wanted = await request.json()
        case = register.find(str(wanted.get("key")))
        if case is None or case.stage != "received":
            return web.json_response({"error": "key: no open case"}, status=404)
        register.close(case.key, "returned", "", "", str(wanted.get("reasons") or "材料内容不一致"))
        return web.json_response({})

    async def forget(request: web.Request) -> web.Response:
        """{"key"}: the case is lost, as by a restored backup."""
        wanted = await request.json()
        if not register.forget(str(wanted.get("key"))):
            return web.json_response({"error": "key: no case"}, status=404)
        return web.json_response({})

    async def alter(request: web.Request) -> web.Response:
        """{"key", "to": {…}}: columns of the case are set without a change in the list."""
        wanted = await request.json()
        try:
            found = register.alter(str(wanted.get("key")), {name: str(to) for name, to in dict(wanted["to"]).items()})
        except (KeyError, ValueError) as error:
            return web.json_response({"error": f"to: {error}"}, status=400)
        return web.json_response({} if found else {"error": "key: no case"}, status=200 if found else 404)

    app = web.Application()
    app.router.add_get("/pending", pending)
    app.router.add_get("/refused", refused)
    app.router.add_post("/faults", plan_faults)
    app.router.add_post("/return", send_back)
    app.router.add_post("/forget", forget)
    app.router.add_post("/alter", alter)
    return app
