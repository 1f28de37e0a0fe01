"""The coverage report: files are counted in their package, and a package below its limit is said to be so."""

import json
from pathlib import Path

import pytest

from tools.measures import coverage_report


@pytest.mark.parametrize(
    ("path", "package", "limit"),
    [
        ("law/terms.py", "law", 95),
        ("services/intake/domain/ticket/call.py", "services/intake/domain", 95),
        ("services/intake/adapters/rpc.py", "services/intake", 85),
        ("services/intake/app.py", "services/intake", 85),
        ("cli/embedded/stack.py", "cli", 85),
    ],
)
def test_a_domain_is_counted_apart_and_has_the_limit_of_law(path: str, package: str, limit: int) -> None:
    found = coverage_report.package_of(path)
    assert (found, coverage_report.Coverage(found).limit) == (package, limit)


def test_the_table_adds_up_the_files_and_names_those_below(tmp_path: Path) -> None:
    def file(branches: int, covered: int, missing: list[list[int]]) -> dict[str, object]:
        counted = {"num_branches": branches, "covered_branches": covered, "num_statements": 10, "covered_lines": 5}
        return {"summary": counted, "missing_branches": missing}

    report = tmp_path / "report.json"
    files = {
        "chassis/b.py": file(10, 10, []),
        "law/terms.py": file(10, 9, [[3, -1]]),
        "law/lamp.py": file(10, 10, []),
        "law/empty.py": file(0, 0, []),
    }
    report.write_text(json.dumps({"files": files}))
    found = coverage_report.packages(report)
    assert [(each.package, each.percent) for each in found] == [("law", 95.0), ("chassis", 100.0)]
    table = list(coverage_report.printed(found, files=True))
    assert [line.split()[0] for line in table] == ["package", "law", "law/terms.py", "chassis"]
    assert "law/terms.py 90%: 3->exit" in table[2]
    found[0].branches_covered = 18
    assert list(coverage_report.printed(found, files=False))[1].endswith("below\n")
