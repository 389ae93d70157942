import pytest

from tests.factories import office as offices
from tests.factories.calls import let_clock_show


@pytest.fixture
def made(db: None) -> offices.Office:
    """An office whose clock shows Monday 7 September 2020, 9:00."""
    office = offices.office()
    let_clock_show(office)
    return office
