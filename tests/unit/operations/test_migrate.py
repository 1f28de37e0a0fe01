"""The call of dbmate: relative folders, whose root may have a comma in its name, and no address in its output."""

from pathlib import Path

import pytest

from operations import migrate

SCRIPT = """#!/bin/sh
echo "in $PWD"
printf '%s\\n' "$@"
echo "at $DATABASE_URL"
exit 1
"""


async def test_folders_are_relative_and_the_address_stays_out_of_the_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root, scripts = tmp_path / "one window, here", tmp_path / "scripts"
    folders = root / "chassis/migrations", root / "services/intake/migrations"
    for folder in (*folders, scripts):
        folder.mkdir(parents=True)
    (scripts / "dbmate").write_text(SCRIPT)
    (scripts / "dbmate").chmod(0o755)
    monkeypatch.setattr("operations.migrate.sysconfig.get_path", lambda _: str(scripts))
    monkeypatch.setattr(migrate, "folders_of", lambda _: folders)
    said = await migrate._dbmate("intake", "postgres://owner:secret@db/intake")
    assert said.splitlines()[0] == f"in {root}"
    assert "\n-d\nchassis/migrations\n-d\nservices/intake/migrations\nmigrate\n" in said
    assert "secret" not in said and said.endswith("at …")
