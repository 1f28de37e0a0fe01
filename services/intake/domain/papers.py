"""What may be handed in for an item, and what of it acceptance needs. (行政许可法 31, 32)"""

from collections.abc import Iterable, Sequence

from law.not_allowed import Malformed, NotAllowed
from services.intake.domain.facts import HandedIn, MaterialForm
from services.intake.domain.item import Item


class UnknownMaterial(Malformed):
    """The item demands no such paper; nothing beside its list may be demanded or taken. (行政许可法 31)"""

    article = "行政许可法 31"
    sentence = "事项材料清单中没有材料{code}。"


class MaterialTwice(Malformed):
    """A paper is named twice in one list."""

    sentence = "材料{code}重复列出。"


class DigestMissing(Malformed):
    """An electronic paper is named by the SHA-256 of its bytes."""

    sentence = "电子材料{code}缺少SHA-256摘要。"


class MaterialsMissing(NotAllowed):
    """A required paper that cannot be deferred is not there."""

    article = "行政许可法 32"
    sentence = "材料不齐，缺少：{names}。请一次性告知补正。"


def check(papers: Sequence[HandedIn], item: Item, field: str) -> None:
    """Nothing when every paper is one of the item's, named once, electronic ones by digest; else a Malformed."""
    seen: set[str] = set()
    demanded = {material.code for material in item.materials}
    for index, paper in enumerate(papers):
        code = paper.material_code
        if code not in demanded:
            raise UnknownMaterial(f"{field}[{index}].material_code", code=code)
        if code in seen:
            raise MaterialTwice(f"{field}[{index}].material_code", code=code)
        if paper.form is MaterialForm.ELECTRONIC and not paper.sha256:
            raise DigestMissing(f"{field}[{index}].sha256", code=code)
        seen.add(code)


def missing(papers: Iterable[HandedIn], item: Item) -> tuple[str, ...]:
    """Codes of the required, not deferrable papers that are not among those handed in."""
    there = {paper.material_code for paper in papers}
    return tuple(
        material.code
        for material in item.materials
        if material.required and not material.deferrable and material.code not in there
    )


def demand_complete(codes: Sequence[str], item: Item) -> None:
    """Nothing when no code is missing; raises MaterialsMissing with the names of the papers."""
    if codes:
        raise MaterialsMissing("materials", names=named(codes, item))


def named(codes: Sequence[str], item: Item) -> str:
    """Papers as a clerk reads them: code and name each."""
    return "、".join(f"{material.code} {material.name}" for material in item.materials if material.code in codes)
