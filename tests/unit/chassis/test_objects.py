"""Materials lie where they were put, whatever the store."""

import hashlib
from pathlib import Path
from uuid import uuid4

import pytest
from obstore.exceptions import GenericError

from chassis.event_store import FileKey
from chassis.refusals import Away, NotFound, Refusal, StorageFull, TooLarge
from chassis.vault.objects import Objects, opened, path_of

KEY = FileKey("440105", "440105008", uuid4())


@pytest.fixture(params=["memory", "file"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    """A store of either kind."""
    return opened("memory://" if request.param == "memory" else f"file://{tmp_path}/objects", limit=100)


async def test_a_stored_object_is_read_back_and_its_digest_returned(objects: Objects) -> None:
    path = path_of(KEY, "m-1")
    assert await objects.put(path, b"closed") == hashlib.sha256(b"closed").digest()
    assert await objects.get(path) == b"closed"


async def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "区 信息#100%25?"
    await opened(folder.as_uri(), limit=100).put("a/b", b"closed")
    assert (folder / "a" / "b").read_bytes() == b"closed"
    assert [path.name for path in tmp_path.iterdir()] == [folder.name], "nothing lies beside it"


async def test_what_was_removed_is_gone_and_may_be_removed_again(objects: Objects) -> None:
    path = path_of(KEY, "m-1")
    await objects.put(path, b"closed")
    await objects.remove(path)
    await objects.remove(path)
    with pytest.raises(NotFound):
        await objects.get(path)


async def test_more_than_the_limit_is_refused(objects: Objects) -> None:
    with pytest.raises(TooLarge):
        await objects.put(path_of(KEY, "m-1"), b"x" * 101)


@pytest.mark.parametrize("name", ["", "../etc", "a/b", ".hidden", "x" * 101, "名"])
def test_a_name_cannot_leave_its_file(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        path_of(KEY, name)


def test_a_path_begins_with_its_place() -> None:
    assert path_of(KEY, "m-1") == f"440105/440105008/{KEY.file_id}/m-1"


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("Unable to copy data to file: No space left on device (os error 28)\n  kind: StorageFull,", StorageFull),
        ("<Error><Code>XMinioStorageFull</Code>", StorageFull),
        ("Server returned error status: 507 Insufficient Storage", StorageFull),
        ("Server returned error status: 503 Service Unavailable", Away),
    ],
)
async def test_a_store_without_space_says_so(
    objects: Objects, monkeypatch: pytest.MonkeyPatch, words: str, refusal: type[Refusal]
) -> None:
    async def full(*_: object) -> None:
        raise GenericError(words)

    monkeypatch.setattr("chassis.vault.objects.obstore.put_async", full)
    with pytest.raises(refusal) as refused:
        await objects.put("a/b", b"closed")
    assert refused.type is refusal


async def test_a_store_that_does_not_answer_is_away(tmp_path: Path) -> None:
    blocked = tmp_path / "objects"
    store = opened(f"file://{blocked}", limit=100)
    blocked.rmdir()
    blocked.write_text("a file where the folder was")
    with pytest.raises(Away):
        await store.put("a/b", b"closed")
