"""Documents as PDF: a template, a compiler that stays warm, the fonts of the product, a QR code."""

import asyncio
import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, cast

import pylopdf_fonts_zh_cn
import typst
import zxingcpp

if TYPE_CHECKING:
    from typing_extensions import Buffer

_VERSION = re.compile(r"Version (\d+)")
_FORM = '#import "receipt.typ": form\n#form(json(bytes({})))\n'
_PAGE = '#import "receipt.typ": receipt\n#receipt(json(bytes({})))\n'
_LETTERHEAD = ("organ", "phone", "hall", "hours")
"""The values that the form itself holds; all others are written into it."""
_DARK = re.compile(b"\x00+")
_QR_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}"><path stroke="#000" d="{path}"/></svg>'
)


class TypstTypesetter:
    """Typesets one document at a time in a thread of its own, so that the event loop goes on."""

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
        """Version of the receipt's template, as its first line states it."""
        return self._version

    async def receipt(self, content: Mapping[str, object], mark: str) -> bytes:
        """A 受理回执 as PDF; `mark` is the text of its QR code."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.set_receipt, content, mark)

    def set_receipt(self, content: Mapping[str, object], mark: str, form: Literal["pdf", "png"] = "pdf") -> bytes:
        """A 受理回执 in the calling thread, as PDF or as a picture."""
        return self._set(_PAGE, {**content, "form": self._form(content), "qr": qr_code(mark)}, form)

    async def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._folder.cleanup()

    def _form(self, content: Mapping[str, object]) -> str:
        """The file with the form of the letterhead in the content; the form is set when it is first needed."""
        letterhead = {name: content[name] for name in _LETTERHEAD}
        key = tuple(letterhead.values())
        if key not in self._forms:
            name = f"form-{len(self._forms)}.pdf"
            (Path(self._folder.name) / name).write_bytes(self._set(_FORM, letterhead, "pdf"))
            self._forms[key] = name
        return self._forms[key]

    def _set(self, page: str, content: Mapping[str, object], form: Literal["pdf", "png"]) -> bytes:
        text = json.dumps(content, ensure_ascii=False)
        source = page.format(json.dumps(text, ensure_ascii=False))  # a string of JSON is a string of typst as well
        document = self._compiler.compile(source.encode(), format=form, pdf_tags=False)
        assert isinstance(document, bytes), "a receipt is one page"
        return document


def qr_code(mark: str) -> str:
    """The QR code (level M) of an ASCII text as SVG: one line for each run of dark modules, without a border."""
    code = zxingcpp.create_barcode(mark, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture = code.to_image(scale=1, add_quiet_zones=False)
    side, modules = picture.shape[0], bytes(cast("Buffer", picture))
    rows = [modules[start : start + side] for start in range(0, len(modules), side)]
    lines = [
        f"M{run.start()} {row}.5h{run.end() - run.start()}"
        for row, pixels in enumerate(rows)
        for run in _DARK.finditer(pixels)
    ]
    return _QR_SVG.format(side=side, path="".join(lines))
