"""Papers of an application: those that the item's list names, and those without which it is not accepted.

(行政许可法 31, 32)
"""

from collections.abc import Iterable, Sequence

from law.not_allowed import Malformed, NotAllowed
from services.intake.domain.application.facts import HandedIn, MaterialForm
from services.intake.domain.catalogue.item import CatalogueItem


class UnknownMaterial(Malformed):
    """The item demands no such paper; nothing besides its list may be demanded or taken. (行政许可法 31)"""

    article = "行政许可法 31"
    sentence = "事项材料清单中没有材料{code}。"


class MaterialTwice(Malformed):
    """A paper is named twice in one list."""

    sentence = "材料{code}重复列出。"


class DigestMissing(Malformed):
    """An electronic paper is named by the SHA-256 of its bytes."""

    sentence = "电子材料{code}缺少SHA-256摘要。"


class MaterialsMissing(NotAllowed):
    """A required paper that cannot be deferred is missing."""

    article = "行政许可法 32"
    sentence = "材料不齐，缺少：{names}。请一次性告知补正。"


def check(papers: Sequence[HandedIn], item: CatalogueItem) -> None:
    """Passes when every paper is one of the item's, named once, electronic ones by digest.

    Raises UnknownMaterial, MaterialTwice, DigestMissing, each with its field below `materials`.
    """
    seen: set[str] = set()
    demanded = {material.code for material in item.materials}
    for index, paper in enumerate(papers):
        code, field = paper.material_code, f"materials[{index}]"
        if code not in demanded:
            raise UnknownMaterial(f"{field}.material_code", code=code)
        if code in seen:
            raise MaterialTwice(f"{field}.material_code", code=code)
        if paper.form is MaterialForm.ELECTRONIC and not paper.sha256:
            raise DigestMissing(f"{field}.sha256", code=code)
        seen.add(code)


def missing(papers: Iterable[HandedIn], item: CatalogueItem) -> tuple[str, ...]:
    """Codes of the required, not deferrable papers that are not among those handed in."""
    present = {paper.material_code for paper in papers}
    return tuple(
        material.code
        for material in item.materials
        if material.required and not material.deferrable and material.code not in present
    )


def require_complete(codes: Sequence[str], item: CatalogueItem) -> None:
    """Passes when no code is missing; raises MaterialsMissing with the names of the papers."""
    if codes:
        raise MaterialsMissing("materials", names=named(codes, item))


def named(codes: Sequence[str], item: CatalogueItem) -> str:
    """Papers as a clerk reads them: code and name of each."""
    return "、".join(f"{material.code} {material.name}" for material in item.materials if material.code in codes)
