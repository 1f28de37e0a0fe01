"""Facts as they were first published: they are read for ever, whatever the contract grows."""

import base64
from dataclasses import replace
from datetime import date

import pytest

from services.approval.adapters.case.codec import CaseCodec
from services.approval.domain.case.facts import Fact
from services.approval.domain.case.item import Term
from services.approval.handoff.domain.return_case import ReturnReport, return_case
from tests.unit.approval.matters import FORWARDED, opening, received, referral

OPENED = (
    "CiQwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDESJDAxOTU3YTNlLTdjMDAtNzAwMC04MDAwLTAwMDAwMDAwMDBhYRgBIhMK"
    "BjQ0MDEwNRIJNDQwMTA1MDA4KgoyMDE2LTAzLTAxMgYImImatwU6BwoFTkgwMDFCJDAxOTU3YTNlLTdjMDAtNzAwMC04MDAwLTAwMDAwMDAw"
    "MDAwMVLUAwgBEisxMTQ0MDEwNUszMTYwNTc4ODU0NDQwMTA1MDAxMDAxMjAxNjAzMDEwMDAxGswBCh8xMTQ0MDEwNUszMTYwNTc4ODU0NDQw"
    "MTA1MDAxMDAxEhXlu4nnp5/miL/nlLPor7fliJ3lrqEYAyABKAMwAjoYCBQQARoS6KGM5pS/6K645Y+v5rOVIDQyQgQIChABShgKAlMxEgzn"
    "p5HlrqTlrqHmoLgYASABKAFKGAoCUzkSDOi9rOaKpeWMuuWxgBgDIAIoAVABWAFqEuWMuuS9j+aIv+S/nemanOWxgHIHaG91c2luZ3oV6K6h"
    "5YiS55Sf6IKy5pyN5Yqh6K+BInAKCjIwMTYtMDMtMDESGAgUEAEaEuihjOaUv+iuuOWPr+azlSA0MhoECAoQASIKMjAxNi0wMy0xNSoKMjAx"
    "Ni0wMy0yOTIKMjAxNi0wMy0xMToKMjAxNi0wMy0xNkIKMjAxNi0wMy0zMFIGMjAyNi4xQgJXMVoKMjAxNi0wMi0yOWIHCgNNMDEQAWJJCgNN"
    "MDIQAhpAYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYg=="
)
REFERRED = (
    "CiQwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDISJDAxOTU3YTNlLTdjMDAtNzAwMC04MDAwLTAwMDAwMDAwMDBhYRgCIhMK"
    "BjQ0MDEwNRIJNDQwMTA1MDA4KgoyMDE2LTAzLTA4MgYImImatwU6BwoFTkgwMDFCJDAxOTU3YTNlLTdjMDAtNzAwMC04MDAwLTAwMDAwMDAw"
    "MDAwMXK0BQokMzg2MjczY2EtZjNlZi01MmJjLTliZWEtOGE4NTQyZGQ0YzBiEhMKBjQ0MDEwNRIJNDQwMTA1MDAwGgdob3VzaW5nIlYKEnJl"
    "ZmVycmFsLjEub3BpbmlvbhJAMGYwZjBmMGYwZjBmMGYwZjBmMGYwZjBmMGYwZjBmMGYwZjBmMGYwZjBmMGYwZjBmMGYwZjBmMGYwZjBmMGYw"
    "ZigBMAE6QDAzNWRhNWQyMTVjM2ZlNjQ4ZWM1ODkwNWI3OWY3ZDEyM2VlNWJhNGRkODI1NDRlMzllYzZkMGVlNGUwMzI3YjJCKzExNDQwMTA1"
    "SzMxNjA1Nzg4NTQ0NDAxMDUwMDEwMDEyMDE2MDMwMTAwMDFKzAEKHzExNDQwMTA1SzMxNjA1Nzg4NTQ0NDAxMDUwMDEwMDESFeW7ieenn+aI"
    "v+eUs+ivt+WIneWuoRgDIAEoAzACOhgIFBABGhLooYzmlL/orrjlj6/ms5UgNDJCBAgKEAFKGAoCUzESDOenkeWupOWuoeaguBgBIAEoAUoY"
    "CgJTORIM6L2s5oql5Yy65bGAGAMgAigBUAFYAWoS5Yy65L2P5oi/5L+d6Zqc5bGAcgdob3VzaW5nehXorqHliJLnlJ/ogrLmnI3liqHor4FQ"
    "AVgBYnAKCjIwMTYtMDMtMDESGAgUEAEaEuihjOaUv+iuuOWPr+azlSA0MhoECAoQASIKMjAxNi0wMy0xNSoKMjAxNi0wMy0yOTIKMjAxNi0w"
    "My0xMToKMjAxNi0wMy0xNkIKMjAxNi0wMy0zMFIGMjAyNi4xagoyMDE2LTAyLTI5cgcKA00wMRABckkKA00wMhACGkBhYmFiYWJhYmFiYWJh"
    "YmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFi"
)
RETURNED = (
    "CiQwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDMSJDAxOTU3YTNlLTdjMDAtNzAwMC04MDAwLTAwMDAwMDAwMDBhYRgDIhMK"
    "BjQ0MDEwNRIJNDQwMTA1MDA4KgoyMDE2LTAzLTE0MgYImImatwU6BwoFTkgwMDFCJDAxOTU3YTNlLTdjMDAtNzAwMC04MDAwLTAwMDAwMDAw"
    "MDAwMZIBIQoDci0xEhYKEHJldHVybi4xLnJlYXNvbnMSAjBmGAEgAg=="
)


def _of_old(term: Term) -> Term:
    """The term as releases up to 0.2.0 published it: without ledger and without its early day."""
    return replace(term, early_before=None, ledger=None)


@pytest.mark.parametrize(
    ("published", "fact"),
    [
        (OPENED, replace(opening(FORWARDED), term=_of_old(opening(FORWARDED).term))),
        (REFERRED, replace(referral(), term=_of_old(referral().term))),
        (
            RETURNED,  # without its day, as releases up to 0.2.0 published it
            replace(return_case(received(), ReturnReport("r-1", "0f"), date(2016, 3, 14))[0], returned_on=None),
        ),
    ],
    ids=["case_opened", "case_referred", "case_returned"],
)
def test_a_fact_published_long_ago_is_still_what_it_was(published: str, fact: Fact) -> None:
    assert CaseCodec().decode(base64.b64decode(published)) == fact
