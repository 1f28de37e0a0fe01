"""The bill of materials of the image as CycloneDX: exactly the libraries of requirements.lock, with their licences.

cyclonedx-python-lib writes it: it is locked already (pip-audit reads with it), knows the schema, and needs no network.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License, LicenseAcknowledgement
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from tools.delivery.lock import LOCK, Locked, committed_at, entries, version

_ROOT = Path(__file__).resolve().parent.parent.parent
_SPDX = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Python Software Foundation License": "PSF-2.0",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
}
"""Licences in the words of classifiers and of older metadata, and their names in SPDX."""
_LONGEST_NAME = 40
"""Older metadata may carry a licence's whole text where its name belongs."""


def bill(root: Path) -> str:
    """The bill of materials of this version as JSON; the same tree gives the same text."""
    found = entries(root / LOCK)
    image = Component(type=ComponentType.CONTAINER, name="onewindow", version=version(root), bom_ref="onewindow")
    image.licenses.add(LicenseFactory().make_with_expression("Apache-2.0"))
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, repr((version(root), found))))
    bom.metadata.timestamp = datetime.fromtimestamp(committed_at(root), UTC)
    bom.metadata.component = image
    parts = [_component(each) for each in found]
    bom.components.update(parts)
    bom.register_dependency(image, parts)
    return str(JsonV1Dot6(bom).output_as_string(indent=1)) + "\n"


def licences(about: PackageMetadata) -> Iterator[str]:
    """Licences that a library declares, in SPDX where it is known: expression, name, or classifiers."""
    if expression := about["License-Expression"]:
        yield str(expression)
        return
    classified = [
        each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or () if each.startswith("License")
    ]
    name = str(about["License"] or "").strip()
    written = [name] if name and len(name) <= _LONGEST_NAME and "\n" not in name else []
    for each in sorted(set(classified or written)):
        yield _SPDX.get(each, each)


def _component(each: Locked) -> Component:
    purl = PackageURL("pypi", None, each.name, each.version)
    made = Component(type=ComponentType.LIBRARY, name=each.name, version=each.version, purl=purl, bom_ref=str(purl))
    made.hashes.update(HashType(alg=HashAlgorithm.SHA_256, content=content) for content in each.hashes)
    made.licenses.update(_licences(each))
    return made


def _licences(each: Locked) -> list[License]:
    try:
        about = metadata(each.name)
    except PackageNotFoundError:
        return []
    factory, declared = LicenseFactory(), LicenseAcknowledgement.DECLARED
    return [factory.make_from_string(licence, license_acknowledgement=declared) for licence in licences(about)]


if __name__ == "__main__":
    sys.stdout.write(bill(_ROOT))
