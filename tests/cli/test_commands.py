"""The command group: help without a database, refusals as sentences, exit codes, the language."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from django.utils import translation

from tests.cli.conftest import Cli
from zijing.cli.commands import COMMANDS, language_of, zijing


@pytest.mark.parametrize("name", [*COMMANDS])
def test_every_command_there_is_has_help(cli: Cli, name: str) -> None:
    import importlib.util

    if name == "manage" or importlib.util.find_spec(COMMANDS[name].partition(":")[0]) is None:
        return
    result = cli(name, "--help")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Usage:")


def test_an_unknown_command_is_a_usage_error(cli: Cli) -> None:
    assert cli("moon").exit_code == 2


def test_a_missing_argument_is_a_usage_error(cli: Cli) -> None:
    assert cli("init", "410181005000").exit_code == 2


@pytest.mark.django_db
def test_a_refusal_is_a_sentence_on_stderr_and_exit_1(cli: Cli) -> None:
    result = cli("init", "41018100500x", "紫荆路街道")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "“41018100500x” is no division code: 12 digits, or 15 for a grid.\n"


@pytest.mark.parametrize(("environ", "language"), [
    ("zh_CN.UTF-8", "zh-hans"), ("en_GB.UTF-8", "en"), ("C.UTF-8", "zh-hans"), ("", "zh-hans"), ("de_DE", "zh-hans"),
])  # fmt: skip
def test_the_language_is_that_of_the_machine_else_chinese(environ: str, language: str) -> None:
    assert language_of(environ) == language


def test_the_option_wins() -> None:
    with translation.override("zh-hans"):
        assert "Zijing: records" in CliRunner().invoke(zijing, ["--lang", "en", "--help"]).stdout


def test_no_start_waits_for_what_few_commands_need() -> None:
    heavy = {"numpy", "openpyxl", "ortools", "pypdfium2", "pypinyin", "requests", "rjieba", "segno", "xlsxwriter"}
    start = f"import django, sys; django.setup(); import zijing.cli.commands; print(*{heavy} & {{*sys.modules}})"
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "zijing.config.settings"}
    assert subprocess.check_output([sys.executable, "-c", start], env=environ, text=True) == "\n"
