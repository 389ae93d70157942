"""A client that others wrote reads the running server: georeport (PyPI), in both formats."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from georeport import GeoReport

from tests.factories.installation import present
from tests.factories.served import Served, served

OPEN = """
from tests.factories import office as offices
from tests.factories.office import FOUNDED
from zijing.packs.actions import apply
from zijing.places.models import Level, Place
apply(at=FOUNDED, pack=offices.pack("residents"), offices=[Place.objects.get(level=Level.OFFICE)])
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(present(tmp_path_factory.mktemp("open311"))) as running:
        running.installation.python(OPEN)
        yield running


@pytest.fixture(scope="module")
def root(office: Served) -> str:
    """The address of the endpoint, as the discovery says it."""
    found = requests.get(f"http://127.0.0.1:{office.port}/open311/discovery.json", timeout=30).json()
    return str(found["endpoints"][0]["url"])


@pytest.fixture(scope="module")
def made(office: Served, root: str) -> str:
    """The id of a request."""
    form = {
        "api_key": office.key, "service_code": "request.facilities", "lat": "34.755", "long": "113.005",
        "description": "井盖松动",
    }  # fmt: skip
    answer = requests.post(f"{root}/requests.json", data=form, timeout=30)
    assert answer.status_code == 200, answer.text
    return str(answer.json()[0]["service_request_id"])


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("jurisdiction", [None, "410181005000"])
def test_georeport_reads_services_definitions_and_requests(
    root: str, made: str, form: str, jurisdiction: str | None
) -> None:
    client = GeoReport(root, jurisdiction=jurisdiction, output_format=form)
    services = {s["service_code"]: s for s in client.get_service_list()}
    assert services["request.noise"]["service_name"] == "噪声油烟扬尘"
    definition = client.get_service_definition("request.noise")
    assert definition["service_code"] == "request.noise"
    found = _list(client.get_service_requests())
    assert [r["service_request_id"] for r in found] == [made]
    assert _list(client.get_service_requests(service_request_id=made, status="closed")) == found
    one = client.get_service_request(made)
    assert (one["service_code"], one["status"]) == ("request.facilities", "open")


@pytest.mark.parametrize("form", ["xml", "json"])
def test_georeport_is_told_what_does_not_exist(root: str, made: str, form: str) -> None:
    with pytest.raises(requests.HTTPError, match="404"):
        GeoReport(root, jurisdiction="moon.gov", output_format=form).get_service_list()
    with pytest.raises(requests.HTTPError, match="404"):
        GeoReport(root, output_format=form).get_service_request("999")


def test_the_server_sends_the_types_and_the_url_of_its_own_address(root: str, office: Served) -> None:
    assert root == f"http://127.0.0.1:{office.port}/open311/v2"
    answer = requests.get(f"{root}/services.xml", timeout=30)
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8" and not answer.cookies


def _list(found: Any) -> list[Any]:
    """georeport gives the only element of an XML list bare."""
    return found if isinstance(found, list) else [found]
