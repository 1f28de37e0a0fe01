"""A document against its JSON schema, each breach in the words of an editor."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker, TypeChecker, ValidationError
from jsonschema.validators import extend

from law.items import Breach, FieldPath, shown

SCHEMAS: Final = Path(__file__).parent.parent / "schema"

_TYPES: Final = {
    "string": "文字",
    "integer": "整数",
    "boolean": "true 或 false",
    "array": "列表",
    "object": "若干字段",
    "null": "空",
}


_DIGITS: Final = re.compile(r"\^\[0-9\]\{([1-9])\}\$")
_NUMERALS: Final = "零一二三四五六七八九"


def _is_whole(_checker: TypeChecker, value: object) -> bool:
    """True for a number without a fraction; 1.0 is none, though JSON counts it among them."""
    return isinstance(value, int) and not isinstance(value, bool)


_WHOLE_NUMBERS: Final = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole)
_VALIDATOR: Final[type[Draft202012Validator]] = extend(  # type: ignore[no-untyped-call] # jsonschema states no types
    Draft202012Validator, type_checker=_WHOLE_NUMBERS
)


def kinds() -> list[str]:
    """Kinds of document that have a schema: calendar, item, streets, templates, windows."""
    return sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json"))


def titles(kind: str) -> Mapping[str, str]:
    """The fields of a document as an editor reads them."""
    schema: Any = _validator(kind).schema
    return {name: shape["title"] for name, shape in schema["properties"].items()}


def schema_breaches(kind: str, content: object) -> list[Breach]:
    """Breaches of the schema of its kind, each once."""
    validator = _validator(kind)
    whole: Any = validator.schema
    found = (breach for error in validator.iter_errors(content) for breach in _breaches(error, whole))
    return list(dict.fromkeys(found))


@cache
def _validator(kind: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8"))
    return _VALIDATOR(schema, format_checker=FormatChecker(["date"]))


def _breaches(error: ValidationError, whole: Mapping[str, Any]) -> Iterator[Breach]:
    field: FieldPath = tuple(error.absolute_path)
    wanted: Any = error.validator_value
    shape: Any = error.schema
    if error.validator == "required":
        yield from (_missing(field, key, {**whole, **shape}) for key in wanted if key not in _keys(error))
    elif error.validator == "additionalProperties":
        written: Any = error.instance
        for key in (key for key in _keys(error) if key not in shape["properties"]):
            given = _given(written[key], counted=False)
            yield Breach((*field, key), "unknown_field", f"没有字段{shown(key)}，请检查拼写，{given}。")
    else:
        sentence = _SENTENCES.get(str(error.validator), lambda _wanted: "不符合格式要求")(wanted)
        quotes = "，数字请加引号" if error.validator == "type" and wanted == "string" and _number(error) else ""
        given = _given(error.instance, counted=str(error.validator) in _COUNTED)
        yield Breach(field, _RULES.get(str(error.validator), "shape"), f"{_title(shape)}{sentence}{quotes}，{given}。")


def _missing(field: FieldPath, key: str, shape: Mapping[str, Any]) -> Breach:
    title = shape.get("properties", {}).get(key, {}).get("title", "")
    return Breach((*field, key), "required", f"缺少必填字段「{title or key}」。")


def _keys(error: ValidationError) -> list[str]:
    written: Any = error.instance
    return list(written)


def _given(written: object, *, counted: bool) -> str:
    """What the field has, as far as a sentence can repeat it."""
    match written:
        case None | "":
            return "现为空"
        case bool():
            return f"现为 {str(written).lower()}"
        case int() | float():
            return f"现为 {written}"
        case str():
            return f"现为{shown(written)}" + (f"，{len(written)} 个字" if counted else "")
        case list():
            words = [each for each in written if isinstance(each, str)]
            return f"现为{shown('、'.join(words))}" if len(words) == len(written) > 0 else f"现有 {len(written)} 项"
        case _:
            return f"现写了{shown('、'.join(map(str, written)))}" if isinstance(written, dict) and written else "现为空"


def _number(error: ValidationError) -> bool:
    return isinstance(error.instance, int | float) and not isinstance(error.instance, bool)


def _pattern(wanted: str) -> str:
    if digits := _DIGITS.fullmatch(wanted):
        return f"应为{_NUMERALS[int(digits[1])]}位数字"
    return f"写法不对，应符合 {wanted}"


def _title(shape: Mapping[str, Any]) -> str:
    return f"「{title}」" if (title := shape.get("title")) else ""


def _type(wanted: str | list[str]) -> str:
    names = [wanted] if isinstance(wanted, str) else wanted
    return "应是" + "或".join(_TYPES[name] for name in names)


_SENTENCES: Final[Mapping[str, Callable[[Any], str]]] = {
    "type": _type,
    "enum": lambda wanted: "只能是：" + "、".join(map(str, wanted)),
    "const": lambda wanted: f"只能是 {str(wanted).lower()}",
    "pattern": _pattern,
    "format": lambda _wanted: "应是真实存在的日期，写作 年-月-日（2016-01-31）",
    "minLength": lambda wanted: f"至少 {wanted} 个字",
    "maxLength": lambda wanted: f"最多 {wanted} 个字",
    "minItems": lambda wanted: f"至少 {wanted} 项",
    "maxItems": lambda wanted: f"最多 {wanted} 项",
    "minimum": lambda wanted: f"不小于 {wanted}",
    "maximum": lambda wanted: f"不大于 {wanted}",
    "uniqueItems": lambda _wanted: "有重复的项",
    "oneOf": lambda _wanted: "用例或写受理日和办结日，或写收件日、所缺材料和应答，不可混写",
}

_COUNTED: Final = {"minLength", "maxLength"}
_RULES: Final = {
    "type": "wrong_kind",
    "enum": "unknown_value",
    "const": "unknown_value",
    "pattern": "pattern",
    "format": "date",
    "minLength": "length",
    "maxLength": "length",
    "minItems": "count",
    "maxItems": "count",
    "minimum": "range",
    "maximum": "range",
    "uniqueItems": "duplicate_value",
    "oneOf": "test_shape",
}
