"""What only shows when items are read together: a code, a name and a department mean one thing in the catalogue."""

from collections.abc import Callable, Iterable, Iterator

from catalogue.check.finding import Breach
from catalogue.check.items import ItemDocument


def breaches_across(items: Iterable[ItemDocument]) -> Iterator[tuple[ItemDocument, Breach]]:
    """What two items contradict each other in, told at the later one."""
    listed = list(items)
    yield from _repeated(listed, "code", lambda item: item.code, "实施编码")
    yield from _repeated(listed, "name", lambda item: item.name, "事项名称")
    yield from _offices(listed)


def _repeated(
    items: list[ItemDocument], key: str, of: Callable[[ItemDocument], str], title: str
) -> Iterator[tuple[ItemDocument, Breach]]:
    first: dict[str, ItemDocument] = {}
    for item in items:
        earlier = first.setdefault(of(item), item)
        if earlier is not item:
            yield item, Breach((key,), f"duplicate_{key}", f"{title}与 {earlier.path.name} 重复。")


def _offices(items: list[ItemDocument]) -> Iterator[tuple[ItemDocument, Breach]]:
    names: dict[str, str] = {}
    for item in items:
        for position, step in enumerate(item.route):
            if step.to and (known := names.setdefault(step.to.code, step.to.name)) != step.to.name:
                sentence = f"部门代号 {step.to.code} 在其他事项中是「{known}」。"
                yield item, Breach(("route", position, "to", "name"), "office_name", sentence)
