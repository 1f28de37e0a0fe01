"""How tests and the office clock speak to the reference system, by HTTP beside its contract."""

from aiohttp import web

from simulation.district.faults import KINDS, Faults
from simulation.district.register import DistrictRegister
from simulation.district.reporter import Reporter


def control(register: DistrictRegister, reporter: Reporter, faults: Faults) -> web.Application:
    """GET /pending, POST /faults, /return, /forget, /alter."""

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

    async def forget(request: web.Request) -> web.Response:
        """{"key"}: the case is lost there, as by a backup of yesterday."""
        wanted = await request.json()
        if not register.forget(str(wanted.get("key"))):
            return web.json_response({"error": "key: no case"}, status=404)
        return web.json_response({})

    async def alter(request: web.Request) -> web.Response:
        """{"key", "to": {…}}: the case says something else than it did, and no change tells of it."""
        wanted = await request.json()
        try:
            known = register.alter(str(wanted.get("key")), {name: str(to) for name, to in dict(wanted["to"]).items()})
        except (KeyError, ValueError) as error:
            return web.json_response({"error": f"to: {error}"}, status=400)
        return web.json_response({} if known else {"error": "key: no case"}, status=200 if known else 404)

    app = web.Application()
    app.router.add_get("/pending", pending)
    app.router.add_post("/faults", order)
    app.router.add_post("/return", send_back)
    app.router.add_post("/forget", forget)
    app.router.add_post("/alter", alter)
    return app
