"""What is sealed opens with its key and nothing else, and shows when it was touched."""

import stat

import pytest
from hypothesis import given, settings as examples, strategies as st

from zijing.core import sealing
from zijing.core.errors import Invalid

CIPHERS = ("aes", "sm4")


@pytest.fixture(params=CIPHERS)
def cipher(request, settings, tmp_path):
    settings.CIPHER, settings.DATA, settings.FIELD_KEY = request.param, tmp_path, ""
    return request.param


@pytest.mark.parametrize("text", ["", "13812345678", "身份证号 11010519491231002X", "𠮷" * 1000])
def test_it_opens_to_what_it_was(cipher, text):
    sealed = sealing.seal(text)
    assert sealing.unseal(sealed) == text
    assert not text or text not in sealed
    assert sealed != sealing.seal(text), "the same text looks different every time"


@examples(max_examples=50)
@given(content=st.binary(max_size=300), at=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_any_changed_bit_is_found(content, at, bit):
    sealed = bytearray(sealing.seal_bytes(content))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(Invalid):
        sealing.unseal_bytes(bytes(sealed))


@pytest.mark.parametrize("sealed", ["", "a1:", "not base64 at all !", "YTE6MDA6", "plain"])
def test_what_was_never_sealed_is_refused(cipher, sealed):
    with pytest.raises(Invalid):
        sealing.unseal(sealed)


def test_a_text_cut_short_is_refused(cipher):
    with pytest.raises(Invalid):
        sealing.unseal_bytes(sealing.seal_bytes(b"content")[:-1])


def test_another_key_opens_nothing_and_says_so(cipher, settings, tmp_path):
    sealed, name = sealing.seal("13812345678"), sealing.key_id()
    settings.DATA = tmp_path / "elsewhere"
    settings.DATA.mkdir()
    assert sealing.key_id() != name
    with pytest.raises(Invalid) as refused:
        sealing.unseal(sealed)
    assert "field-key" in str(refused.value)


def test_the_key_file_is_for_its_owner_only(cipher, tmp_path):
    sealing.seal("x")
    assert stat.S_IMODE((tmp_path / "field-key").stat().st_mode) == 0o600


def test_a_passphrase_needs_no_file(cipher, settings, tmp_path):
    settings.FIELD_KEY = "one phrase"
    sealed = sealing.seal("x")
    assert not (tmp_path / "field-key").exists()
    settings.FIELD_KEY = "another phrase"
    with pytest.raises(Invalid):
        sealing.unseal(sealed)


def test_what_one_cipher_sealed_opens_after_the_other_was_chosen(settings):
    for first, second in (CIPHERS, CIPHERS[::-1]):
        settings.CIPHER = first
        sealed = sealing.seal("x")
        settings.CIPHER = second
        assert sealing.unseal(sealed) == "x"


def test_equal_texts_are_found_by_a_keyed_digest(cipher, settings, tmp_path):
    digest = sealing.blind("13812345678")
    assert digest == sealing.blind("13812345678") != sealing.blind("13812345679")
    settings.FIELD_KEY = "another"
    assert digest != sealing.blind("13812345678")
