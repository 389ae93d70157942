"""Moving, merging and recoding places at the command line."""

from tests.cli.conftest import Cli
from tests.factories.office import Office
from zijing.places.models import Place

COMMUNITY, VILLAGE, GRID = "410181005001", "410181005201", "410181005001001"


def test_a_grid_is_moved_and_listed_where_it_lies(cli: Cli, made: Office) -> None:
    assert cli("place", "move", GRID, "--under", VILLAGE).stdout == "Done: 0 open records went along.\n"
    assert Place.objects.with_code(GRID).get().parent == made.places["示例村02"]
    assert "第一网格" in cli("place", "list").stdout


def test_what_cannot_be_moved_is_refused_in_a_sentence(cli: Cli, made: Office) -> None:
    result = cli("place", "move", COMMUNITY, "--under", VILLAGE)
    assert (result.exit_code, result.stderr) == (1, "示例社区01 cannot lie in 示例村02.\n")
    unknown = cli("place", "merge", COMMUNITY, "--into", "410181005999")
    assert (unknown.exit_code, "410181005999" in unknown.stderr) == (1, True)
    assert cli("place", "merge", COMMUNITY, "--into", VILLAGE).exit_code == 1


def test_a_code_is_given_anew(cli: Cli, made: Office) -> None:
    assert cli("place", "recode", COMMUNITY, "410181005005", "--since", "2020-09-01").stdout == "Done.\n"
    assert Place.objects.with_code("410181005005").get() == made.places["示例社区01"]
    assert cli("place", "recode", COMMUNITY, "410181005006", "--since", "2020-09-01").exit_code == 1
