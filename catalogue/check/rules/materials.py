"""The papers an item may demand: each named once, and only what is demanded can be put off."""

from collections import Counter
from collections.abc import Iterator

from catalogue.check.finding import Breach
from catalogue.check.items import ItemDocument


def material_breaches(item: ItemDocument) -> Iterator[Breach]:
    """What is wrong with the materials. (行政许可法 30, 31)"""
    codes, names = Counter[str](), Counter[str]()
    for position, material in enumerate(item.materials):
        codes[material.code] += 1
        names[material.name] += 1
        if codes[material.code] == 2:
            yield Breach(("materials", position, "code"), "duplicate_code", f"材料编码 {material.code} 重复。")
        if names[material.name] == 2:
            yield Breach(("materials", position, "name"), "duplicate_name", f"材料「{material.name}」重复。")
        if material.deferrable and not material.required:
            sentence = f"「{material.name}」不是必备材料，谈不上容缺。"
            yield Breach(("materials", position, "deferrable"), "deferrable_required", sentence)
        if material.name in material.substitutes:
            yield Breach(("materials", position, "substitutes"), "substitutes_itself", "材料不能替代自己。")
    if not any(material.required and not material.deferrable for material in item.materials):
        yield Breach(("materials",), "nothing_required", "至少要有一份必备且不可容缺的材料。")
