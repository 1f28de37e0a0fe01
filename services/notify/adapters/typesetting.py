"""Documents as PDF: a template, a compiler that stays warm, fonts that come with the product."""

import asyncio
import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pylopdf_fonts_zh_cn
import typst

from services.notify.adapters import qr

_VERSION = re.compile(r"Version (\d+)")
_FORM = '#import "receipt.typ": form\n#form(json(bytes({})))\n'
_PAGE = '#import "receipt.typ": receipt\n#receipt(json(bytes({})))\n'
_OFFICE = ("organ", "phone", "hall", "hours")
"""What the form itself says; everything else is written into it."""


class TypstTypesetter:
    """Sets one document at a time in a thread of its own; the loop goes on meanwhile."""

    def __init__(self) -> None:
        template = resources.files("services.notify").joinpath("templates", "receipt.typ").read_text("utf-8")
        found = _VERSION.search(template)
        assert found is not None, "a template names its version"
        self._version = found.group(1)
        self._folder = TemporaryDirectory(prefix="onewindow-forms-")
        (Path(self._folder.name) / "receipt.typ").write_text(template, "utf-8")
        self._forms: dict[tuple[object, ...], str] = {}
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(pylopdf_fonts_zh_cn.serif_path().parent)],
        )
        self._compiler = typst.Compiler(root=self._folder.name, font_paths=fonts, ignore_system_fonts=True)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="typesetting")

    @property
    def receipt_version(self) -> str:
        """Version of the receipt's template, as its first line names it."""
        return self._version

    async def receipt(self, content: Mapping[str, object], mark: str) -> bytes:
        """A 受理回执 as PDF; `mark` is what its QR code says."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.set_receipt, content, mark)

    def set_receipt(self, content: Mapping[str, object], mark: str, form: Literal["pdf", "png"] = "pdf") -> bytes:
        """The same at once, on paper or as a picture."""
        return self._set(_PAGE, {**content, "form": self._form(content), "qr": qr.svg(mark)}, form)

    async def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._folder.cleanup()

    def _form(self, content: Mapping[str, object]) -> str:
        """The file with the form of the office that the content names, which is set when it is first needed."""
        office = {name: content[name] for name in _OFFICE}
        key = tuple(office.values())
        if key not in self._forms:
            name = f"form-{len(self._forms)}.pdf"
            (Path(self._folder.name) / name).write_bytes(self._set(_FORM, office, "pdf"))
            self._forms[key] = name
        return self._forms[key]

    def _set(self, page: str, told: Mapping[str, object], form: Literal["pdf", "png"]) -> bytes:
        said = json.dumps(told, ensure_ascii=False)
        source = page.format(json.dumps(said, ensure_ascii=False))  # a string of JSON is a string of typst as well
        made = self._compiler.compile(source.encode(), format=form, pdf_tags=False)
        assert isinstance(made, bytes), "a receipt is one page"
        return made
