"""The rules that a schema cannot say, one room of the item each; the order is the order of the report."""

from collections.abc import Callable, Iterator

from catalogue.check.finding import Breach
from catalogue.check.items import ItemDocument
from catalogue.check.rules.across import breaches_across
from catalogue.check.rules.code import code_breaches
from catalogue.check.rules.kind import kind_breaches
from catalogue.check.rules.limits import limit_breaches
from catalogue.check.rules.materials import material_breaches
from catalogue.check.rules.own_tests import answer_to, own_test_breaches
from catalogue.check.rules.route import route_breaches
from catalogue.check.rules.validity import validity_breaches

__all__ = ["answer_to", "breaches_across", "item_breaches"]

_RULES: tuple[Callable[[ItemDocument], Iterator[Breach]], ...] = (
    code_breaches,
    validity_breaches,
    kind_breaches,
    limit_breaches,
    material_breaches,
    route_breaches,
    own_test_breaches,
)


def item_breaches(item: ItemDocument) -> Iterator[Breach]:
    """Every rule that the item breaks by itself."""
    for rule in _RULES:
        yield from rule(item)
