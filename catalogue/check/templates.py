"""Message texts as their file states them: signed, with known placeholders, without addresses of sites."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from law.items import Breach, message_text_faults, placeholders, shown


@dataclass(frozen=True, slots=True)
class Template:
    """One reviewed text; `{item}` reads 事项 where the item is sensitive."""

    code: str
    version: int
    event: str
    audience: str
    text: str
    effective_from: date
    effective_to: date | None

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Names of the placeholders in the order of the text."""
        return placeholders(self.text)


@dataclass(frozen=True, slots=True)
class TemplateSet:
    """The texts of one signature, checked."""

    path: Path
    signature: str
    placeholders: Mapping[str, str]
    """Every placeholder that a text may use, with its meaning."""
    templates: tuple[Template, ...]


def templates_of(path: Path, written: Mapping[str, Any]) -> TemplateSet:
    """The texts of a document that has passed its schema."""
    templates = tuple(map(_template, written["templates"]))
    return TemplateSet(path, written["signature"], written["placeholders"], templates)


def template_breaches(texts: TemplateSet) -> Iterator[Breach]:
    """Breaches in the texts of messages."""
    seen: set[tuple[str, int]] = set()
    for position, template in enumerate(texts.templates):
        if (template.code, template.version) in seen:
            yield Breach(
                ("templates", position, "code"),
                "duplicate_code",
                f"模板编号 {template.code} 的版本 {template.version} 重复。",
            )
        seen.add((template.code, template.version))
        if template.effective_to and template.effective_to < template.effective_from:
            sentence = f"失效日{template.effective_to}早于生效日{template.effective_from}。"
            yield Breach(("templates", position, "effective_to"), "effective_dates", sentence)
        for rule, sentence in _text(texts, template):
            yield Breach(("templates", position, "text"), rule, sentence)


def _text(texts: TemplateSet, template: Template) -> Iterator[tuple[str, str]]:
    if template.audience == "applicant" and not template.text.startswith(texts.signature):
        yield "signature", f"发给申请人的消息以签名{texts.signature}开头，现为{shown(template.text)}。"
    yield from message_text_faults(template.text, texts.placeholders)


def _template(written: Mapping[str, Any]) -> Template:
    until = written.get("effective_to")
    return Template(
        effective_from=date.fromisoformat(written["effective_from"]),
        effective_to=date.fromisoformat(until) if until else None,
        **{key: written[key] for key in ("code", "version", "event", "audience", "text")},
    )
