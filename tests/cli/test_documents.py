"""``zijing document check``."""

import pytest
from click.testing import CliRunner
from django.utils import translation

from tests.documents.samples import full, plain
from zijing.cli.commands import zijing
from zijing.documents.layout import docx


def run(*arguments):
    with translation.override("en"):
        return CliRunner().invoke(zijing, ["document", "check", *map(str, arguments)])


def test_a_document_of_ours_passes(tmp_path):
    file = tmp_path / "notice.docx"
    file.write_bytes(docx(full()))
    result = run(file)
    assert (result.exit_code, result.output) == (0, "Nothing deviates from GB/T 9704-2012.\n")


def test_deviations_are_listed_and_the_exit_code_is_1(tmp_path):
    file = tmp_path / "notice.docx"
    file.write_bytes(docx(plain(number="石办〔2026〕第05号")))
    result = run(file)
    assert result.exit_code == 1
    assert result.stdout.startswith("document number: 石办〔2026〕第05号; should be")
    assert result.stderr == "1 deviation\n"


@pytest.mark.parametrize(
    "content, said",
    [(None, "cannot be opened"), (b"%PDF-1.7", "no Word document"), (b"PK\x03\x04", "damaged"), (b"", "empty")],
)
def test_what_is_no_docx_is_refused_in_a_sentence(tmp_path, content, said):
    file = tmp_path / "x.docx"
    if content is not None:
        file.write_bytes(content)
    result = run(file)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.output
