"""The vault opens only what it closed, where it closed it, with the keys it is given."""

import json
import os
from base64 import b64encode
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from chassis.event_store import FileKey
from chassis.settings.watched_file import WatchedFile
from chassis.vault import FileVault, Keyring, KeysUnreadable, NotForUs, Tampered, open_sealed, seal_to
from chassis.vault.vault import CODE_ALPHABET, code_digest, is_query_code, key_version

HERE = FileKey("440105", "440105008", uuid4())
SUITES = ["AES-256-GCM", "SM4-GCM"]


class KeyFolder:
    """A mounted key file with as many versions as a test asks for."""

    def __init__(self, folder: Path, suite: str) -> None:
        self.file = folder / "vault.json"
        self.keys: dict[str, str] = {}
        self.suite = suite
        self.add()

    def add(self) -> None:
        """One version more, which becomes the current one."""
        self.keys[str(len(self.keys) + 1)] = b64encode(os.urandom(32)).decode()
        self.mount()

    def mount(self) -> None:
        """Replace the file whole."""
        extra = self.file.with_suffix(".new")
        extra.write_text(json.dumps({"current": max(map(int, self.keys)), "keys": self.keys, "suite": self.suite}))
        extra.replace(self.file)

    def vault(self) -> FileVault:
        """A vault that has opened nothing yet."""
        return FileVault(Keyring(WatchedFile(self.file)))


@pytest.fixture(params=SUITES)
def keys(request: pytest.FixtureRequest, tmp_path: Path) -> KeyFolder:
    """Keys of either suite."""
    return KeyFolder(tmp_path, request.param)


def test_what_was_closed_opens_in_another_vault(keys: KeyFolder) -> None:
    wrapped, closed = keys.vault().seal(HERE, None, {"name": "张三".encode(), "empty": b""})
    assert "张三".encode() not in closed["name"]
    assert keys.vault().open(HERE, wrapped, closed) == {"name": "张三".encode(), "empty": b""}


def test_a_file_has_one_key_and_no_text_looks_like_another(keys: KeyFolder) -> None:
    vault = keys.vault()
    wrapped, first = vault.seal(HERE, None, {"name": b"same"})
    again, second = vault.seal(HERE, wrapped, {"name": b"same"})
    assert again == wrapped
    assert first["name"] != second["name"]


@pytest.mark.parametrize("position", [0, 1, 14, -1])
def test_one_changed_bit_keeps_it_closed(keys: KeyFolder, position: int) -> None:
    wrapped, closed = keys.vault().seal(HERE, None, {"name": b"text"})
    changed = bytearray(closed["name"])
    changed[position] ^= 1
    with pytest.raises(Tampered):
        keys.vault().open(HERE, wrapped, {"name": bytes(changed)})
    broken = bytearray(wrapped)
    broken[position] ^= 1
    with pytest.raises(Tampered):
        keys.vault().open(HERE, bytes(broken), closed)


@pytest.mark.parametrize("short", [b"", b"\x01", b"\x01" + b"x" * 20, b"\x02" + b"x" * 20, b"\x09" + b"x" * 40])
def test_what_is_no_ciphertext_stays_closed(keys: KeyFolder, short: bytes) -> None:
    wrapped, _ = keys.vault().seal(HERE, None, {})
    with pytest.raises(Tampered):
        keys.vault().open(HERE, wrapped, {"name": short})
    with pytest.raises(Tampered):
        keys.vault().open(HERE, short, {})


@pytest.mark.parametrize(
    "elsewhere",
    [
        FileKey("440106", "440105008", HERE.file_id),
        FileKey("440105", "440105009", HERE.file_id),
        FileKey("440105", "440105008", uuid4()),
    ],
    ids=["district", "street", "file"],
)
def test_a_ciphertext_copied_to_another_place_stays_closed(keys: KeyFolder, elsewhere: FileKey) -> None:
    vault = keys.vault()
    wrapped, closed = vault.seal(HERE, None, {"name": b"text"})
    with pytest.raises(Tampered):
        vault.open(elsewhere, wrapped, closed)


def test_a_ciphertext_under_another_name_stays_closed(keys: KeyFolder) -> None:
    wrapped, closed = keys.vault().seal(HERE, None, {"name": b"text"})
    with pytest.raises(Tampered):
        keys.vault().open(HERE, wrapped, {"address": closed["name"]})


def test_a_new_version_of_the_key_is_used_at_once_and_the_old_one_still_opens(keys: KeyFolder) -> None:
    vault = keys.vault()
    wrapped, closed = vault.seal(HERE, None, {"name": b"text"})
    keys.add()
    newer, _ = vault.seal(HERE, None, {})
    assert (key_version(wrapped), key_version(newer)) == (1, 2)
    assert keys.vault().open(HERE, wrapped, closed) == {"name": b"text"}


def test_after_rewrapping_the_old_version_can_go(keys: KeyFolder) -> None:
    vault = keys.vault()
    wrapped, closed = vault.seal(HERE, None, {"name": b"text"})
    keys.add()
    rewrapped = vault.rewrap(HERE, wrapped)
    del keys.keys["1"]
    keys.mount()
    assert keys.vault().open(HERE, rewrapped, closed) == {"name": b"text"}
    for either in (keys.vault(), vault):  # also where it was open before
        with pytest.raises(Tampered):
            either.open(HERE, wrapped, closed)


def test_a_site_may_change_its_suite_and_still_read(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path, "AES-256-GCM")
    wrapped, closed = keys.vault().seal(HERE, None, {"name": b"text"})
    keys.suite = "SM4-GCM"
    keys.mount()
    vault = keys.vault()
    _, newer = vault.seal(HERE, wrapped, {"address": b"more"})
    assert vault.open(HERE, wrapped, closed | newer) == {"name": b"text", "address": b"more"}
    assert (closed["name"][0], newer["address"][0]) == (1, 2)


def test_an_erased_file_is_forgotten_in_memory_too(keys: KeyFolder) -> None:
    vault = keys.vault()
    wrapped, closed = vault.seal(HERE, None, {"name": b"text"})
    vault.forget(HERE)
    keys.keys["1"] = b64encode(os.urandom(32)).decode()
    keys.mount()
    with pytest.raises(Tampered):
        vault.open(HERE, wrapped, closed)


def test_a_half_written_key_file_leaves_the_last_keys(keys: KeyFolder) -> None:
    vault = keys.vault()
    keys.file.write_text('{"current": 1, "keys"')
    assert vault.seal(HERE, None, {"name": b"text"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"current": 2, "keys": {"1": "AA=="}}',
        json.dumps({"current": 2, "keys": {"1": b64encode(bytes(32)).decode()}}),
        json.dumps({"current": 1, "keys": {"1": b64encode(bytes(16)).decode()}}),
        json.dumps({"current": 1, "keys": {"1": b64encode(bytes(32)).decode()}, "suite": "ROT13"}),
    ],
)
def test_a_key_file_that_is_none_is_refused_without_quoting_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "vault.json"
    file.write_text(text)
    with pytest.raises(KeysUnreadable) as refused:
        Keyring(WatchedFile(file))
    assert ("AA" in str(refused.value), str(file) in str(refused.value)) == (False, True)


def test_equal_values_find_each_other_by_purpose_and_after_a_rotation(keys: KeyFolder) -> None:
    vault = keys.vault()
    index = vault.blind_index("440105194910011234", "identity")
    assert index != vault.blind_index("440105194910011234", "telephone")
    assert index != vault.keyed_digest("440105194910011234")
    keys.add()
    assert keys.vault().blind_index("440105194910011234", "identity") == index
    assert len(index) == 32


def test_a_query_code_is_read_out_loud_and_belongs_to_its_file(keys: KeyFolder) -> None:
    vault = keys.vault()
    wrapped, _ = vault.seal(HERE, None, {})
    code = vault.query_code(HERE, wrapped)
    assert len(code) == 8
    assert set(code) <= set(CODE_ALPHABET)
    assert keys.vault().query_code(HERE, wrapped) == code
    digest = code_digest(b"pepper", HERE.file_id, code)
    assert is_query_code(b"pepper", HERE.file_id, f" {code[:4].lower()}-{code[4:]}", digest)
    assert not is_query_code(b"pepper", uuid4(), code, digest)
    assert not is_query_code(b"other", HERE.file_id, code, digest)


@given(st.binary(max_size=2000), st.binary(max_size=50))
def test_an_envelope_opens_for_its_addressee_only(payload: bytes, place: bytes) -> None:
    private, public = PAIR
    envelope = seal_to(public, payload, place)
    assert open_sealed([OTHER[0], private], envelope, place) == payload
    for keys, changed, where in (
        ([OTHER[0]], envelope, place),
        ([], envelope, place),
        ([private], envelope[:-1], place),
        ([private], envelope[:40], place),
        ([private], b"", place),
        ([private], envelope, place + b"x"),
    ):
        with pytest.raises(NotForUs):
            open_sealed(keys, changed, where)


@given(st.integers(min_value=0, max_value=70), st.integers(min_value=1, max_value=255))
def test_an_envelope_with_one_changed_byte_stays_closed(position: int, change: int) -> None:
    private, public = PAIR
    envelope = bytearray(seal_to(public, b"payload" * 3, b""))
    envelope[position] ^= change
    with pytest.raises(NotForUs):
        open_sealed([private], bytes(envelope), b"")


def test_only_x25519_keys_seal() -> None:
    other_kind = generate_private_key(SECP256R1()).public_key()
    with pytest.raises(ValueError, match="X25519"):
        seal_to(other_kind.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), b"", b"")


def _pair() -> tuple[bytes, bytes]:
    private = X25519PrivateKey.generate()
    return (
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


PAIR, OTHER = _pair(), _pair()
