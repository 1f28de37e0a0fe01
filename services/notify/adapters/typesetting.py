"""Documents as PDF: a template, a compiler that stays warm, fonts that come with the product."""

import asyncio
import io
import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Literal

import pylopdf_fonts_zh_cn
import segno
import typst

_VERSION = re.compile(r"Version (\d+)")
_PAGE = '#import "receipt.typ": receipt\n#receipt(json(bytes({})))\n'
_QR_MASK = 3
"""Any mask can be read; weighing all eight costs more than setting the page."""


class TypstTypesetter:
    """Sets one document at a time in a thread of its own; the loop goes on meanwhile."""

    def __init__(self) -> None:
        folder = Path(str(resources.files("services.notify").joinpath("templates")))
        template = folder / "receipt.typ"
        found = _VERSION.search(template.read_text("utf-8"))
        assert found is not None, "a template names its version"
        self._version = found.group(1)
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(pylopdf_fonts_zh_cn.serif_path().parent)],
        )
        self._compiler = typst.Compiler(root=str(folder), font_paths=fonts, ignore_system_fonts=True)
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
        told = json.dumps({**content, "qr": _qr(mark)}, ensure_ascii=False)
        page = _PAGE.format(json.dumps(told, ensure_ascii=False))  # a string of JSON is a string of typst as well
        made = self._compiler.compile(page.encode(), format=form, pdf_tags=False)
        assert isinstance(made, bytes), "a receipt is one page"
        return made

    async def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _qr(mark: str) -> str:
    drawn = io.BytesIO()
    code = segno.make(mark, error="m", micro=False, mask=_QR_MASK, boost_error=False)
    code.save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()
