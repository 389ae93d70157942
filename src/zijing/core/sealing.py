"""Sealing what must not be read from a disk: authenticated encryption with a key kept beside the data, not in it.

A sealed text names its cipher and its key: ``a1`` is AES-256-GCM (NIST SP 800-38D), ``s4`` SM4-GCM (GB/T 32907).
GB/T 22239-2019, 8.1.4.8: confidentiality of important data in storage. Without the key nothing can be opened: it
is kept apart from the backups.
"""

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid

AES, SM4 = "a1", "s4"
CIPHERS = {"aes": AES, "sm4": SM4}
NONCE, TAG = 12, 16


@cache
def _key(data: Path, given: str) -> bytes:
    """The 32 bytes everything is derived from: of the setting, else of a file that only its owner may read."""
    if given:
        return hashlib.sha256(given.encode()).digest()
    path = data / "field-key"
    if not path.exists():
        _make_key(path)
    return bytes.fromhex(path.read_text().strip())


def _make_key(path: Path) -> None:
    """A new key, written whole before it has its name: of two processes that start at once the first one's stays."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix="field-key-") as new:  # readable by its owner only
        new.write(secrets.token_hex(32))
        new.flush()
        with contextlib.suppress(FileExistsError):
            os.link(new.name, path)


def _derived(purpose: str) -> bytes:
    return hmac.new(_key(settings.DATA, settings.FIELD_KEY), purpose.encode(), hashlib.sha256).digest()


def key_id() -> str:
    """The name of the key: eight characters that tell two keys apart and say nothing of them."""
    return _derived("name")[:4].hex()


def seal_bytes(content: bytes) -> bytes:
    """``content`` sealed with the cipher the operator chose."""
    cipher = CIPHERS[settings.CIPHER]
    nonce, head = secrets.token_bytes(NONCE), f"{cipher}:{key_id()}:".encode()
    return head + nonce + (_aes if cipher == AES else _sm4)(nonce, content, head)


def unseal_bytes(sealed: bytes) -> bytes:
    """What was sealed; ``Invalid`` when it is damaged, or was sealed with another key."""
    cipher, _colon, rest = sealed.partition(b":")
    key, _colon, body = rest.partition(b":")
    if cipher.decode("ascii", "replace") not in CIPHERS.values() or len(body) < NONCE + TAG:
        raise Invalid(_("This is not what was sealed: it is damaged."))
    if key.decode("ascii", "replace") != key_id():
        raise Invalid(_("This was sealed with another key. Put the key of this data back: the file field-key."))
    nonce, content, head = body[:NONCE], body[NONCE:], cipher + b":" + key + b":"
    try:
        return (_aes_open if cipher == AES.encode() else _sm4_open)(nonce, content, head)
    except InvalidTag as error:
        raise Invalid(_("This is not what was sealed: it is damaged.")) from error


def seal(text: str) -> str:
    """A text sealed, as text."""
    return base64.urlsafe_b64encode(seal_bytes(text.encode())).decode()


def unseal(sealed: str) -> str:
    """The text that was sealed; ``Invalid`` as ``unseal_bytes``."""
    try:
        return unseal_bytes(base64.urlsafe_b64decode(sealed.encode())).decode()
    except ValueError as error:
        raise Invalid(_("This is not what was sealed: it is damaged.")) from error


def blind(text: str) -> str:
    """A keyed digest by which equal texts are found without being read; worth nothing without the key."""
    return hmac.new(_derived("blind"), text.encode(), hashlib.sha256).hexdigest()[:32]


def _aes(nonce: bytes, content: bytes, head: bytes) -> bytes:
    return AESGCM(_derived(AES)).encrypt(nonce, content, head)


def _aes_open(nonce: bytes, content: bytes, head: bytes) -> bytes:
    return AESGCM(_derived(AES)).decrypt(nonce, content, head)


def _sm4(nonce: bytes, content: bytes, head: bytes) -> bytes:
    locked = Cipher(algorithms.SM4(_derived(SM4)[:16]), modes.GCM(nonce)).encryptor()
    locked.authenticate_additional_data(head)
    return locked.update(content) + locked.finalize() + locked.tag


def _sm4_open(nonce: bytes, content: bytes, head: bytes) -> bytes:
    mode = modes.GCM(nonce, content[-TAG:])
    opened = Cipher(algorithms.SM4(_derived(SM4)[:16]), mode).decryptor()
    opened.authenticate_additional_data(head)
    return opened.update(content[:-TAG]) + opened.finalize()
