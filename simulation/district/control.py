"""How tests and the office clock speak to the reference system, by HTTP beside its contract."""

from aiohttp import web

from simulation.district.faults import KINDS, Faults
from simulation.district.register import Register
from simulation.district.reporter import Reporter


def control(register: Register, reporter: Reporter, faults: Faults) -> web.Application:
    """GET /pending, POST /faults, POST /return."""

    async def pending(_: web.Request) -> web.Response:
        """The newest day that is decided and acknowledged, and how many cases are still open."""
        unreported = len(register.unreported())
        return web.json_response({"day": reporter.day, "unreported": unreported, "open": register.open()})

    async def order(request: web.Request) -> web.Response:
        """{"kind", "count"}: the next so many calls go wrong."""
        wanted = await request.json()
        if wanted.get("kind") not in KINDS or not isinstance(wanted.get("count"), int):
            return web.json_response({"error": f"kind: one of {', '.join(KINDS)}; count: a number"}, status=400)
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

    app = web.Application()
    app.router.add_get("/pending", pending)
    app.router.add_post("/faults", order)
    app.router.add_post("/return", send_back)
    return app
