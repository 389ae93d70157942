"""GeoReport v2, clause by clause (wiki.open311.org/GeoReport_v2, Service_Discovery)."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.open311 import AT, OFFICE, Open311, as_text, from_xml, program, root_of
from tests.factories import office as offices
from tests.factories.calls import let_clock_show
from tests.factories.office import FOUNDED, MONDAY, Office, moment, office, pack
from tests.web.test_public import handled
from zijing.cases.actions import refuse
from zijing.cases.models import Case, Reporter, Stage
from zijing.packs.actions import apply
from zijing.places.models import Place, PlaceCode

pytestmark = pytest.mark.django_db
W3C = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$")
REQUEST = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
    "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip


@pytest.fixture
def nobody(made: Office) -> Open311:
    return Open311()


def second(made: Office) -> Office:
    other = office("410181006000", "新华路街道")
    apply(at=FOUNDED, pack=pack("residents"), offices=[other.place])
    let_clock_show(other, AT)
    return other


def move(number: str, at: datetime) -> None:
    """Let a request have been made at another time."""
    Case.objects.filter(reporters=int(number)).update(recorded_at=at)


def case_of(number: str) -> Case:
    return Case.objects.select_related("kind", "place", "timer").get(reporters=int(number))


class TestServiceDiscovery:
    def test_discovery_is_given_as_xml_and_as_json(self, nobody: Open311) -> None:
        told = nobody.json("discovery.json")
        assert from_xml(nobody.xml("discovery.xml")) == as_text(told)
        assert nobody.xml("discovery").tag == "discovery"

    def test_all_fields_are_there_in_order(self, nobody: Open311) -> None:
        told = nobody.json("discovery.json")
        assert list(told) == ["changeset", "contact", "key_service", "endpoints"]
        [endpoint] = told["endpoints"]
        assert list(endpoint) == ["specification", "url", "changeset", "type", "formats"]
        assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
        assert endpoint["url"] == "http://testserver/open311/v2"
        assert endpoint["type"] == "test", "the office is a demo"
        assert endpoint["formats"] == ["text/xml", "application/json"]
        assert all(told.values()) and all(endpoint.values())

    def test_the_endpoint_of_a_real_office_is_production(self, made: Office, nobody: Open311) -> None:
        Place.objects.filter(pk=made.place.pk).update(demo=False)
        assert nobody.json("discovery.json")["endpoints"][0]["type"] == "production"

    def test_the_changeset_is_a_time_in_the_past_and_sorts(self, nobody: Open311) -> None:
        told = nobody.json("discovery.json")
        assert W3C.match(told["changeset"]) and datetime.fromisoformat(told["changeset"]) < AT
        assert told["endpoints"][0]["changeset"] == told["changeset"]

    def test_contact_names_the_offices_with_their_jurisdictions(self, made: Office, nobody: Open311) -> None:
        assert f"紫荆路街道 (jurisdiction_id {OFFICE}): http://testserver/public/{made.place.pk}/" in nobody.json(
            "discovery.json"
        )["contact"]  # fmt: skip

    def test_without_the_pack_of_residents_nothing_is_there(self, db: None) -> None:
        office()
        for path in ("discovery.json", "v2/services.json", "v2/requests.json"):
            [fault] = Open311().json(path, 404)
            assert fault["code"] == 404 and fault["description"]


class TestEncodingAndFormats:
    @pytest.mark.parametrize("path", ["v2/services", "v2/services/request.noise", "v2/requests", "discovery"])
    def test_xml_is_the_rule_and_json_by_its_ending(self, nobody: Open311, path: str) -> None:
        assert nobody.get(path).headers["Content-Type"] == "text/xml; charset=utf-8"
        assert nobody.get(f"{path}.xml").headers["Content-Type"] == "text/xml; charset=utf-8"
        assert nobody.get(f"{path}.json").headers["Content-Type"] == "application/json; charset=utf-8"

    def test_all_text_is_utf_8(self, nobody: Open311) -> None:
        nobody.language = "zh"
        for form in ("xml", "json"):
            assert "环境卫生" in nobody.get(f"v2/services.{form}").content.decode("utf-8")

    def test_json_is_the_xml_by_the_spark_convention(self, app: Open311) -> None:
        app.report(description="井盖松动")
        for path in ("v2/services", "v2/services/request.noise", "v2/requests", "v2/requests/x", "discovery"):
            answered = json.loads(app.get(f"{path}.json").content)
            assert from_xml(root_of(app.get(f"{path}.xml"))) == as_text(answered), path

    def test_xml_has_no_namespace_and_survives_what_xml_cannot_hold(self, made: Office, app: Open311) -> None:
        number = app.report(description="井盖\u000b<b>&松动\ufffe")["service_request_id"]
        Case.objects.filter(reporters=int(number)).update(title="井盖\u000b<b>&松动\ufffe")
        answer = app.get(f"v2/requests/{number}.xml", api_key=app.key)
        assert b"xmlns" not in answer.content
        assert "<b>&松动" in str(root_of(answer).findtext("request/description"))

    def test_an_empty_argument_is_one_that_was_not_given(self, app: Open311) -> None:
        number = app.report()["service_request_id"]
        empty = dict.fromkeys(
            ("service_request_id", "service_code", "start_date", "end_date", "status", "api_key", "jurisdiction_id"), ""
        )
        assert [r["service_request_id"] for r in app.json("v2/requests.json", **empty)] == [number]


class TestJurisdiction:
    PATHS = (
        "v2/services.json",
        "v2/services/request.noise.json",
        "v2/requests.json",
        "v2/requests/1.json",
        "v2/tokens/A.json",
    )

    def test_a_single_office_needs_no_jurisdiction_id(self, nobody: Open311) -> None:
        assert nobody.json("v2/services.json") == nobody.json("v2/services.json", jurisdiction_id=OFFICE)

    @pytest.mark.parametrize("path", PATHS)
    def test_400_jurisdiction_id_was_not_provided(self, made: Office, nobody: Open311, path: str) -> None:
        second(made)
        [fault] = nobody.json(path, 400)
        assert fault["code"] == 400 and "jurisdiction_id" in fault["description"]

    @pytest.mark.parametrize("path", PATHS)
    def test_404_jurisdiction_id_provided_was_not_found(self, nobody: Open311, path: str) -> None:
        [fault] = nobody.json(path, 404, jurisdiction_id="moon.gov")
        assert fault["code"] == 404 and "moon.gov" in fault["description"]

    def test_400_and_404_when_creating_a_request(self, made: Office, app: Open311) -> None:
        answer = app.post(jurisdiction_id="moon.gov", service_code="request.noise", lat="34.755", long="113.005")
        assert answer.status_code == 404
        second(made)
        assert app.post(jurisdiction_id="", service_code="request.noise").status_code == 400

    def test_a_former_code_goes_on_leading_to_its_office(self, made: Office, nobody: Open311) -> None:
        PlaceCode.objects.filter(place=made.place).update(until=MONDAY)
        PlaceCode.objects.create(place=made.place, code="410181009000", since=MONDAY)
        for code in (OFFICE, "410181009000"):
            assert nobody.get("v2/services.json", jurisdiction_id=code).status_code == 200

    def test_one_office_shows_nothing_of_another(self, made: Office, app: Open311) -> None:
        second(made)
        made_here = app.report()
        code = Reporter.objects.get().code
        other = {"jurisdiction_id": "410181006000"}
        assert app.json("v2/requests.json", **other) == []
        assert app.get(f"v2/requests/{made_here['service_request_id']}.json", **other).status_code == 404
        assert app.get(f"v2/tokens/{code}.json", **other).status_code == 404
        assert app.json("v2/requests.json", service_request_id=made_here["service_request_id"], **other) == []


class TestGetServiceList:
    def test_services_are_the_classes_of_the_kinds_that_a_pack_opens(self, nobody: Open311) -> None:
        found = nobody.json("v2/services.json")
        assert [s["service_code"] for s in found] == [
            f"request.{c}" for c in ("environment", "facilities", "safety", "noise", "housing", "other")
        ]

    def test_each_has_its_fields_in_order(self, nobody: Open311) -> None:
        for service in nobody.xml("v2/services.xml"):
            assert [child.tag for child in service] == [
                "service_code", "service_name", "description", "metadata", "type", "keywords", "group",
            ]  # fmt: skip
            assert service.findtext("metadata") in {"true", "false"} and service.findtext("type") == "realtime"
            assert service.findtext("service_name") and service.findtext("description") and service.findtext("group")

    def test_names_are_in_the_language_asked_for(self, nobody: Open311) -> None:
        assert nobody.json("v2/services.json")[0]["service_name"] == "rubbish and dirt"
        nobody.language = "zh"
        assert nobody.json("v2/services.json")[0]["service_name"] == "环境卫生"

    def test_a_catalogue_gives_groups_keywords_and_descriptions(self, made: Office, nobody: Open311) -> None:
        apply(at=FOUNDED, pack=offices.pack("city-cases"), offices=[made.place])
        from zijing.records.models import Kind

        kind = Kind.objects.get(key="city-case")
        kind.definition = dict(kind.definition) | {"public": True}
        kind.save()
        nobody.language = "zh"
        found = {s["service_code"]: s for s in nobody.json("v2/services.json")}
        cover = found["city-case.c0101-missing"]
        assert cover["keywords"] == "井盖丢失,井盖被盗,没有井盖"
        assert cover["group"] == "部件 / 公用设施 / 上水井盖" and cover["description"] == "井盖缺失"
        assert "city-case.component" not in found, "a heading is no service"


class TestGetServiceDefinition:
    def test_attributes_are_what_the_kind_asks_beside_the_usual(self, nobody: Open311) -> None:
        told = nobody.json("v2/services/request.noise.json")
        assert list(told) == ["service_code", "attributes"] and told["service_code"] == "request.noise"
        [place] = told["attributes"]
        assert list(place) == [
            "variable", "code", "datatype", "required", "datatype_description", "order", "description", "values",
        ]  # fmt: skip
        assert (place["variable"], place["code"], place["datatype"]) == (True, "place", "singlevaluelist")
        assert (place["required"], place["order"]) == (False, 1)
        assert place["values"] == [
            {"key": "410181005001", "name": "示例社区01"}, {"key": "410181005201", "name": "示例村02"},
        ]  # fmt: skip

    def test_in_xml_the_root_is_service_definition(self, nobody: Open311) -> None:
        root = nobody.xml("v2/services/request.noise.xml")
        assert root.tag == "service_definition"
        assert root.findtext("attributes/attribute/values/value/key") == "410181005001"

    def test_metadata_says_whether_there_are_attributes(self, nobody: Open311) -> None:
        for service in nobody.json("v2/services.json"):
            told = nobody.json(f"v2/services/{service['service_code']}.json")
            assert service["metadata"] is bool(told["attributes"])

    def test_every_type_of_field_has_its_datatype(self, made: Office, app: Open311) -> None:
        asked(made)
        told = {a["code"]: a for a in app.json("v2/services/request.noise.json")["attributes"]}
        assert {code: a["datatype"] for code, a in told.items()} == {
            "place": "singlevaluelist", "loud": "number", "since": "datetime", "night": "singlevaluelist",
            "from": "multivaluelist", "who": "string", "more": "text",
        }  # fmt: skip
        assert [a["order"] for a in told.values()] == list(range(1, 8))
        assert told["loud"]["required"] is True and told["night"]["values"][0]["key"] == "yes"
        assert "values" not in told["who"]

    def test_404_service_code_was_not_found(self, nobody: Open311) -> None:
        [fault] = nobody.json("v2/services/request.moon.json", 404)
        assert fault["code"] == 404 and "request.moon" in fault["description"]


def asked(made: Office) -> None:
    """Let residents' reports ask one of every type."""
    from zijing.records.models import Kind

    kind = Kind.objects.get(key="request")
    words = {"title": {"zh": "问", "en": "asked"}}
    more = [
        {"key": "loud", "type": "decimal", "required": True, "unit": "dB", **words},
        {"key": "since", "type": "date", **words},
        {"key": "night", "type": "boolean", **words},
        {"key": "from", "type": "choice", "several": True, "choices": [{"key": "shop", "zh": "店", "en": "shop"}, {"key": "site", "zh": "工地", "en": "site"}], **words},
        {"key": "who", "type": "text", **words},
        {"key": "more", "type": "long_text", **words},
    ]  # fmt: skip
    kind.definition = dict(kind.definition) | {"fields": [*kind.definition["fields"], *more]}
    kind.save()


class TestPostServiceRequest:
    def test_it_begins_reported_and_awaits_verification(self, made: Office, app: Open311) -> None:
        told = app.report(description="井盖松动\n车过有响声", phone="13800138000")
        case = case_of(told["service_request_id"])
        assert (case.stage, case.source, case.recorded_by_id) == (Stage.REPORTED, "resident", None)
        assert (case.title, case.fields["details"]) == ("井盖松动", "井盖松动\n车过有响声")
        assert (case.fields["class"], case.fields["spot"]) == ("facilities", [113.005, 34.755])
        assert case.place.name in {"第一网格", "第二网格"}
        assert "13800138000" not in str(case.fields)

    def test_the_response_is_an_id_and_no_token(self, app: Open311) -> None:
        answer = app.post("v2/requests.xml", service_code="request.noise", lat="34.755", long="113.005")
        root = root_of(answer)
        assert answer.status_code == 200 and root.tag == "service_requests"
        assert [child.tag for child in root[0]] == ["service_request_id", "service_notice", "account_id"]
        assert root.findtext("request/service_request_id") == str(Reporter.objects.get().pk)

    def test_the_notice_names_the_code_of_the_public_page(self, app: Open311, client: Client) -> None:
        told = app.report()
        code = Reporter.objects.get().code
        assert code in told["service_notice"] and f"http://testserver/follow/{code}/" in told["service_notice"]
        assert client.get(f"/follow/{code}/").status_code == 200

    def test_403_api_key_is_missing_or_invalid(self, app: Open311) -> None:
        for key in ("", "forged", None):
            answer = app.post(
                "v2/requests.xml", api_key=key, service_code="request.noise", lat="34.755", long="113.005"
            )
            root = root_of(answer)
            assert answer.status_code == 403 and root.tag == "errors"
            assert root.findtext("error/code") == "403" and "api_key" in str(root.findtext("error/description"))
        assert not Case.objects.exists()

    def test_403_api_key_of_another_office_or_of_a_post_that_ended(self, made: Office, app: Open311) -> None:
        where = {"service_code": "request.noise", "lat": "34.755", "long": "113.005"}
        assert program(second(made)).post(**where).status_code == 403
        ended = program(made, "director")
        offices.expire(made, "director", MONDAY - timedelta(days=1))
        assert ended.post(**where).status_code == 403

    def test_400_service_code_was_not_provided(self, app: Open311) -> None:
        answer = app.post(lat="34.755", long="113.005")
        assert answer.status_code == 400 and "service_code" in json.loads(answer.content)[0]["description"]

    def test_404_service_code_was_not_found(self, app: Open311) -> None:
        answer = app.post(service_code="request.moon", lat="34.755", long="113.005")
        assert answer.status_code == 404 and json.loads(answer.content)[0]["code"] == 404

    @pytest.mark.parametrize("form", ["xml", "json"])
    def test_400_a_location_is_needed(self, app: Open311, form: str) -> None:
        answer = app.post(f"v2/requests.{form}", service_code="request.noise")
        assert answer.status_code == 400 and b"address_string" in answer.content

    def test_an_address_string_is_a_location(self, made: Office, app: Open311) -> None:
        told = app.report(lat="", long="", address_string="示例村02 东头 12 号")
        case = case_of(told["service_request_id"])
        assert case.place == made.places["示例村02"] and "东头 12 号" in case.fields["details"]
        told = app.report(lat="", long="", address_string="某处")
        assert case_of(told["service_request_id"]).place == made.place

    def test_an_address_id_is_a_location(self, made: Office, app: Open311) -> None:
        told = app.report(lat="", long="", address_id="410181005201")
        assert case_of(told["service_request_id"]).place == made.places["示例村02"]
        answer = app.post(service_code="request.noise", address_id="999")
        assert answer.status_code == 400 and "999" in json.loads(answer.content)[0]["description"]

    def test_lat_and_long_come_together(self, app: Open311) -> None:
        for given in (
            {"lat": "34.755"},
            {"long": "113.005"},
            {"lat": "x", "long": "113"},
            {"lat": "nan", "long": "113"},
        ):
            assert app.post(service_code="request.noise", **given).status_code == 400

    def test_attributes_are_taken_by_code_and_several_by_brackets(self, made: Office, app: Open311) -> None:
        asked(made)
        told = app.report(**{
            "attribute[loud]": "71.5", "attribute[from][]": ["shop", "site"], "attribute[night]": "yes",
            "attribute[since]": "2020-09-01", "attribute[place]": "410181005201",
        })  # fmt: skip
        case = case_of(told["service_request_id"])
        assert (case.fields["loud"], case.fields["from"], case.fields["night"]) == ("71.5", ["shop", "site"], True)
        assert case.place == made.places["示例村02"]

    def test_400_a_required_attribute_is_missing_or_unknown(self, made: Office, app: Open311) -> None:
        asked(made)
        where = {"service_code": "request.noise", "lat": "34.755", "long": "113.005"}
        answer = app.post(**where)
        assert answer.status_code == 400 and "asked" in json.loads(answer.content)[0]["description"]
        answer = app.post(**where, **{"attribute[loud]": "1", "attribute[moon]": "1"})
        assert answer.status_code == 400 and "moon" in json.loads(answer.content)[0]["description"]

    def test_a_description_has_at_most_4000_characters(self, app: Open311) -> None:
        told = app.report(description="井" * 4000, address_string="示" * 300, media_url="http://x.cn/" + "a" * 480)
        assert case_of(told["service_request_id"]).fields["details"].startswith("井" * 4000)
        answer = app.post(service_code="request.noise", lat="34.755", long="113.005", description="井" * 4001)
        assert answer.status_code == 400 and "4000" in json.loads(answer.content)[0]["description"]

    def test_who_sent_it_is_not_kept_and_a_media_url_is_text(self, made: Office, app: Open311) -> None:
        told = app.report(
            email="smith@example.org", device_id="tt222111", account_id="123456", first_name="john", last_name="smith",
            media_url="http://example.org/6705.jpg",
        )  # fmt: skip
        case = case_of(told["service_request_id"])
        kept = f"{case.fields}{case.title}"
        assert "http://example.org/6705.jpg" in kept
        assert not any(said in kept for said in ("smith", "tt222111", "123456"))

    def test_without_a_description_it_is_called_by_its_service(self, app: Open311) -> None:
        assert case_of(app.report()["service_request_id"]).title == "roads and public facilities"

    def test_sent_again_with_its_client_id_it_is_one_request(self, app: Open311) -> None:
        own = {"client_id": "01992a5e-7d0f-7a3c-9c1e-0242ac120002"}
        assert app.report(**own) == app.report(**own)
        assert Case.objects.count() == 1

    def test_a_multipart_form_is_taken_too_and_json_is_not(self, made: Office, app: Open311) -> None:
        form = {"api_key": app.key, "service_code": "request.noise", "lat": "34.755", "long": "113.005"}
        assert app.client.post("/open311/v2/requests.json", form).status_code == 200
        answer = app.client.post("/open311/v2/requests.json", json.dumps(form), content_type="application/json")
        assert answer.status_code == 400 and "x-www-form-urlencoded" in answer.content.decode()


class TestGetServiceRequestIdFromAToken:
    @pytest.mark.parametrize("form", ["xml", "json"])
    def test_the_code_of_the_reporter_leads_to_the_id(self, app: Open311, nobody: Open311, form: str) -> None:
        told = app.report()
        code = Reporter.objects.get().code
        answer = nobody.get(f"v2/tokens/{code}.{form}")
        read = json.loads(answer.content) if form == "json" else from_xml(root_of(answer))
        assert read == [{"service_request_id": told["service_request_id"], "token": code}]

    def test_it_is_read_as_somebody_copied_it(self, app: Open311) -> None:
        app.report()
        code = Reporter.objects.get().code
        assert app.get(f"v2/tokens/{code[:4]}-{code[4:8]}-{code[8:]}.json".lower()).status_code == 200

    def test_404_token_was_not_found(self, nobody: Open311) -> None:
        [fault] = nobody.json("v2/tokens/ABCD1234EFGH.json", 404)
        assert fault["code"] == 404 and fault["description"]


class TestGetServiceRequests:
    def test_each_has_its_fields_in_order(self, app: Open311, nobody: Open311) -> None:
        app.report()
        assert [child.tag for child in nobody.xml("v2/requests.xml")[0]] == REQUEST
        assert list(nobody.json("v2/requests.json")[0]) == REQUEST

    def test_anybody_reads_the_service_the_community_and_the_status_only(self, app: Open311, nobody: Open311) -> None:
        app.report(description="王二家的狗叫", phone="13800138000", address_string="示例社区01 3号楼")
        [told] = nobody.json("v2/requests.json")
        assert (told["status"], told["service_code"], told["description"]) == ("open", "request.facilities", None)
        assert (told["address"], told["address_id"]) == ("示例社区01, 紫荆路街道", "410181005001")
        assert (told["lat"], told["long"]) == (34.755, 113.005), "the middle of the community, wherever it was"
        text = json.dumps(told, ensure_ascii=False)
        assert not any(said in text for said in ("王二", "3号楼", "138", Reporter.objects.get().code))

    def test_the_position_shown_is_the_communitys(self, app: Open311, nobody: Open311) -> None:
        app.report(lat="34.7512", long="113.0034")
        [told] = nobody.json("v2/requests.json")
        assert (told["lat"], told["long"]) == (34.755, 113.005)

    def test_the_key_of_a_post_reads_what_the_post_sees(self, made: Office, app: Open311) -> None:
        app.report(description="王二家的狗叫", lat="34.7512", long="113.0034")
        [told] = app.json("v2/requests.json", api_key=app.key)
        assert (told["description"], told["lat"], told["long"]) == ("王二家的狗叫", 34.7512, 113.0034)
        [told] = app.json("v2/requests.json", api_key=program(made, "team2").key)
        assert told["description"] is None, "a post that does not see the case"

    def test_403_a_forged_key_reads_nothing(self, app: Open311) -> None:
        assert app.get("v2/requests.json", api_key="forged").status_code == 403

    def test_all_times_carry_an_offset(self, made: Office, app: Open311, nobody: Open311) -> None:
        number = app.report()["service_request_id"]
        handled(made, case_of(number), AT + timedelta(hours=3))
        [told] = nobody.json("v2/requests.json", service_request_id=number)
        times = [told[name] for name in ("requested_datetime", "updated_datetime", "expected_datetime")]
        assert all(W3C.match(time) for time in times)
        assert told["updated_datetime"] == "2020-09-07T13:00:00+08:00", "the date the request was closed"

    def test_status_is_open_or_closed_and_nothing_else(self, made: Office, app: Open311, nobody: Open311) -> None:
        waits, done, refused = (app.report()["service_request_id"] for _n in range(3))
        handled(made, case_of(done))
        refuse(actor=made.actor("project_office"), at=AT, case=case_of(refused), reason="不属实")
        found = {r["service_request_id"]: r["status"] for r in nobody.json("v2/requests.json")}
        assert found == {waits: "open", done: "closed", refused: "closed"}
        for status, numbers in (
            ("open", {waits}),
            ("closed", {done, refused}),
            ("open,closed", {waits, done, refused}),
        ):
            assert {r["service_request_id"] for r in nobody.json("v2/requests.json", status=status)} == numbers
        assert nobody.get("v2/requests.json", status="moon").status_code == 400

    def test_an_answer_is_read_by_who_sees_the_case(self, made: Office, app: Open311, nobody: Open311) -> None:
        number = app.report()["service_request_id"]
        handled(made, case_of(number))
        assert nobody.json(f"v2/requests/{number}.json")[0]["status_notes"] == "closed"
        told = app.json(f"v2/requests/{number}.json", api_key=app.key)
        assert told[0]["status_notes"] == "井盖已更换，请您查看"

    def test_several_ids_by_comma_override_all_other_arguments(self, app: Open311, nobody: Open311) -> None:
        one, two, _three = (app.report()["service_request_id"] for _n in range(3))
        move(one, AT - timedelta(days=400))
        said = {"service_request_id": f"{one}, {two},x,99999999,{2**70}", "status": "closed", "start_date": "nonsense"}
        assert {r["service_request_id"] for r in nobody.json("v2/requests.json", **said)} == {one, two}

    def test_service_codes_by_comma(self, app: Open311, nobody: Open311) -> None:
        one = app.report(service_code="request.noise")["service_request_id"]
        two = app.report(service_code="request.other")["service_request_id"]
        app.report()
        found = nobody.json("v2/requests.json", service_code="request.noise,request.other")
        assert {r["service_request_id"] for r in found} == {one, two}
        assert nobody.get("v2/requests.json", service_code="request.moon").status_code == 404

    def test_the_default_is_the_most_recent_90_days(self, app: Open311, nobody: Open311) -> None:
        inside, outside = app.report()["service_request_id"], app.report()["service_request_id"]
        move(inside, AT - timedelta(days=89))
        move(outside, AT - timedelta(days=91))
        assert [r["service_request_id"] for r in nobody.json("v2/requests.json")] == [inside]

    def test_a_range_of_days_is_by_the_time_of_asking(self, app: Open311, nobody: Open311) -> None:
        first, last = app.report()["service_request_id"], app.report()["service_request_id"]
        move(first, moment(MONDAY - timedelta(days=200), 12))
        since, until = "2020-02-01T00:00:00Z", "2020-03-01T00:00:00%2B08:00"
        found = lambda **said: [r["service_request_id"] for r in nobody.json("v2/requests.json", **said)]
        assert found(start_date=since, end_date="2020-03-01T00:00:00+08:00") == [first]
        assert found(start_date=since) == [first] and found(end_date="2020-03-01") == [first]
        assert found(start_date="2020-09-01T00:00:00Z") == [last]
        assert nobody.client.get(f"/open311/v2/requests.json?end_date={until}").status_code == 200
        assert nobody.client.get("/open311/v2/requests.json?end_date=2020-03-01T00:00:00+08:00").status_code == 200

    @pytest.mark.parametrize(
        "said",
        [
            {"start_date": "2020-01-01T00:00:00Z", "end_date": "2020-06-01T00:00:00Z"},
            {"start_date": "2020-06-01T00:00:00Z", "end_date": "2020-01-01T00:00:00Z"},
            {"start_date": "yesterday"}, {"start_date": "2020-01-01T00:00:00"}, {"end_date": "0001-01-01"},
            {"start_date": "9999-12-31T00:00:00Z"}, {"start_date": "2020-13-01"},
        ],
    )  # fmt: skip
    def test_400_a_range_that_cannot_be(self, nobody: Open311, said: dict[str, str]) -> None:
        [fault] = nobody.json("v2/requests.json", 400, **said)
        assert fault["code"] == 400 and fault["description"]

    def test_the_first_1000_are_returned_newest_first(self, made: Office, app: Open311, nobody: Open311) -> None:
        case = case_of(app.report()["service_request_id"])
        Reporter.objects.bulk_create(
            Reporter(case=case, code=f"{n:012}", address="x", at=AT) for n in range(1001)
        )  # fmt: skip
        found = [int(r["service_request_id"]) for r in nobody.json("v2/requests.json")]
        assert len(found) == 1000 and found == sorted(found, reverse=True)

    def test_nothing_found_is_an_empty_list(self, nobody: Open311) -> None:
        assert nobody.json("v2/requests.json") == []
        assert len(nobody.xml("v2/requests.xml")) == 0

    @pytest.mark.parametrize("n", [1, 3])
    def test_it_reads_the_same_for_one_and_for_three(self, app: Open311, n: int) -> None:
        for _n in range(n):
            app.report()
        app.json("v2/requests.json", api_key=app.key)
        with CaptureQueriesContext(connection) as captured:
            app.json("v2/requests.json", api_key=app.key)
        assert len(captured) == 7, [q["sql"][:90] for q in captured]


class TestGetServiceRequest:
    def test_it_is_a_list_of_one(self, app: Open311, nobody: Open311) -> None:
        number = app.report()["service_request_id"]
        [told] = nobody.json(f"v2/requests/{number}.json")
        assert list(told) == REQUEST and told["service_request_id"] == number
        assert from_xml(nobody.xml(f"v2/requests/{number}.xml")) == [as_text(told)]

    @pytest.mark.parametrize("number", ["1", "0", "x", "-1", str(2**70), "１"])
    def test_404_the_request_does_not_exist(self, nobody: Open311, number: str) -> None:
        [fault] = nobody.json(f"v2/requests/{number}.json", 404)
        assert fault["code"] == 404


class TestErrors:
    @pytest.mark.parametrize("path", ["", "v2/", "v2/moon", "v3/services", "v2/services.pdf", "v2/requests/1/2"])
    def test_404_for_what_does_not_exist(self, nobody: Open311, path: str) -> None:
        answer = nobody.get(path)
        assert answer.status_code == 404 and root_of(answer).findtext("error/code") == "404"
        assert nobody.json(f"{path or 'x'}.json", 404)[0]["code"] == 404

    @pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
    def test_405_for_another_method(self, nobody: Open311, method: str) -> None:
        answer = getattr(nobody.client, method)("/open311/v2/requests.json")
        assert answer.status_code == 405 and answer.headers["Allow"] == "GET, HEAD, POST"
        assert json.loads(answer.content)[0]["code"] == 405

    def test_several_errors_are_an_array(self, made: Office, app: Open311) -> None:
        asked(made)
        answer = app.post(
            "v2/requests.xml", service_code="request.noise", lat="34.755", long="113.005", phone="1",
            **{"attribute[since]": "soon"},
        )  # fmt: skip
        root = root_of(answer)
        assert answer.status_code == 400 and len(root) >= 2
        assert all([child.tag for child in error] == ["code", "description"] for error in root)

    def test_no_cookie_is_set_and_none_is_needed(self, app: Open311) -> None:
        app.report()
        assert not app.client.cookies


def test_a_report_writes_as_little_as_the_public_page(app: Open311) -> None:
    app.report()
    with CaptureQueriesContext(connection) as captured:
        app.report()
    written: list[Any] = [q for q in captured if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(written) <= 6, [q["sql"][:80] for q in written]
