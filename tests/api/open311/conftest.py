import pytest

from tests.api.open311 import AT, Open311, program
from tests.factories.calls import let_clock_show
from tests.factories.office import Office, office


@pytest.fixture
def made(db: None) -> Office:
    """An office that takes residents' requests, whose clock shows Monday 7 September 2020, 10:00."""
    made = office(packs=("residents",))
    let_clock_show(made, AT)
    return made


@pytest.fixture
def app(made: Office) -> Open311:
    return program(made)
