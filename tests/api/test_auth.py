"""Who may call: keys, ended keys, posts no longer in force; the refusal's one schema in two languages."""

from datetime import date

from django.test import Client

from tests.factories.calls import Api, api, key_of
from tests.factories.office import MONDAY, Office, expire
from zijing.people.actions import revoke_token, token_digest
from zijing.people.models import Account, Token


def test_without_a_key_the_answer_is_401_and_says_how(made: Office) -> None:
    answer = Client().get("/api/v1/me", headers={"Accept-Language": "en"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    error = answer.json()["error"]
    assert error["message"] == "Send a valid key: Authorization: Bearer <key>. The office's operator makes one."
    assert error["errors"] == [{"message": error["message"], "field": ""}]


def test_an_unknown_key_is_401(made: Office) -> None:
    assert Api("nonsense").get("me").status_code == 401


def test_an_ended_key_is_401_at_once(made: Office) -> None:
    caller = api(made, "team")
    assert caller.get("me").status_code == 200
    token = Token.objects.get(digest=token_digest(caller.key))
    revoke_token(actor=made.system, at=token.created_at, token=token)
    assert caller.get("me").status_code == 401


def test_a_closed_account_is_401(made: Office) -> None:
    caller = api(made, "team")
    Account.objects.update(is_active=False)
    assert caller.get("me").status_code == 401


def test_an_expired_post_is_403_with_the_reason(made: Office) -> None:
    caller = api(made, "team")
    expire(made, "team", date(2020, 9, 6))
    answer = caller.get("me")
    assert answer.status_code == 403
    assert "is not in force on 2020-09-07" in answer.json()["error"]["message"]


def test_the_last_day_of_a_post_still_counts(made: Office) -> None:
    caller = api(made, "team")
    expire(made, "team", MONDAY)
    assert caller.get("me").status_code == 200


def test_me_says_whom_the_key_stands_for(made: Office) -> None:
    body = api(made, "team").get("me").json()
    assert (body["role"], body["post"]["name"], body["office"]["name"]) == ("team", "team岗", "紫荆路街道")
    assert "projects.report" in body["verbs"]
    assert body["now"].startswith("2020-09-07T09:00") and body["now"].endswith("+08:00")


def test_a_key_only_opens_its_own_post(made: Office) -> None:
    first, second = key_of(made, "team"), key_of(made, "secretary")
    assert first != second
    assert Api(first).get("me").json()["role"] == "team"
    assert Api(second).get("me").json()["role"] == "secretary"
