"""The digest by which street and district know that they hold the same package. (行政许可法 35)"""

import hashlib

from onewindow.district.v1 import district_service_pb2 as contract


def package_digest(request: contract.ReceiveCaseRequest) -> str:
    """SHA-256, hex, over the package as the contract describes it, counted anew from what arrived."""
    item = request.item
    papers = sorted(f"{each.material_code}\t{each.copies}\t{each.sha256}" for each in request.materials)
    lines = (request.number, item.code, str(item.version), request.destination, *papers)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
