"""A person's own mail: an address is proved before it is used, and what comes is chosen within what the office allows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories.office import Office, second_post
from tests.factories.outside import Letterbox
from tests.outbox.channels.conftest import ADDRESS, AT, proved
from tests.outbox.channels.test_digest import composed, dispatched
from zijing.core.errors import Conflict, Invalid
from zijing.outbox.channels import outlets
from zijing.outbox.channels.sending import code_of, send_due
from zijing.outbox.models import ChannelRules, Outlet
from zijing.people.access import oneself

Let = Callable[..., None]


def own(made: Office, role: str = "team") -> dict[str, Any]:
    account = made.account(role)
    return {"actor": oneself(account, channel="test"), "at": AT, "account": account}


def given(made: Office) -> Outlet:
    outlets.give_address(**own(made), address=ADDRESS)
    found = outlets.mail_of(made.account("team"))
    assert found is not None
    return found


def test_a_code_comes_by_mail_and_proves_the_address(made: Office, letting: Let, box: Letterbox) -> None:
    outlet = given(made)
    assert box.came == [], "who asks does not send"
    send_due(["mail"], lambda: True)
    [came] = box.came
    assert code_of(outlet) in came.get_content() and came["To"] == ADDRESS
    dispatched(made)
    assert not composed(made, AT + timedelta(minutes=10)), "not before it is proved"
    outlets.prove_address(**own(made), code=f" {code_of(outlet)} ")
    dispatched(made)
    Outlet.objects.update(rhythm="soon")
    assert [d.counts for d in composed(made, AT + timedelta(minutes=20))] == [{"work": 1}]


def test_a_code_is_good_for_five_tries_and_half_an_hour(made: Office, letting: Let, box: Letterbox) -> None:
    outlet = given(made)
    wrong = "000000" if code_of(outlet) != "000000" else "000001"
    for _n in range(5):
        with pytest.raises(Invalid):
            outlets.prove_address(**own(made), code=wrong)
    with pytest.raises(Conflict):
        outlets.prove_address(**own(made), code=code_of(outlet))
    outlet = given(made)
    Outlet.objects.update(code_at=timezone.now() - timedelta(minutes=31))
    outlet.refresh_from_db()
    with pytest.raises(Conflict):
        outlets.prove_address(**own(made), code=code_of(outlet))


def test_a_new_address_is_proved_anew_and_an_old_code_is_worth_nothing(
    made: Office, letting: Let, box: Letterbox
) -> None:
    code = code_of(given(made))
    outlets.give_address(**own(made), address="neu@example.com")
    outlet = outlets.mail_of(made.account("team"))
    assert outlet is not None and code_of(outlet) != code
    proved(made)
    outlets.give_address(**own(made), address="neu@example.com")
    dispatched(made)
    assert not composed(made, AT + timedelta(minutes=10))


def test_the_form_fills_nobodys_letter_box(made: Office, letting: Let, box: Letterbox) -> None:
    for _n in range(5):
        given(made)
    with pytest.raises(Conflict):
        given(made)


@pytest.mark.parametrize(
    "address", ["", "kein", "a@b", "a@example.com\nBcc: b@example.com", "a@example.com,b@example.com"]
)
def test_what_is_no_address(made: Office, letting: Let, box: Letterbox, address: str) -> None:
    with pytest.raises(Invalid):
        outlets.give_address(**own(made), address=address)
    assert not Outlet.objects.exists()


def test_where_the_office_sends_no_mail_no_address_is_taken(made: Office, letting: Let, box: Letterbox) -> None:
    ChannelRules.objects.update(mail=False)
    with pytest.raises(Conflict):
        given(made)


def test_each_post_tells_what_was_chosen_for_it(made: Office, letting: Let, box: Letterbox) -> None:
    second_post(made, "team", "team2")
    proved(made)
    post, other, foreign = made.posts["team"].pk, made.posts["team2"].pk, made.posts["section"].pk
    outlets.choose(**own(made), rhythm="soon", topics={post: ["limits"], other: ["work", "limits"], foreign: ["work"]})
    outlet = outlets.mail_of(made.account("team"))
    assert outlet is not None
    assert {w.post_id: w.topics for w in outlet.wishes.all()} == {post: ["limits"], other: ["work", "limits"]}
    with pytest.raises(Invalid):
        outlets.choose(**own(made), rhythm="soon", topics={post: ["everything"]})
    with pytest.raises(Invalid):
        outlets.choose(**own(made), rhythm="always", topics={})


def test_stopping_forgets_the_address(made: Office, letting: Let, box: Letterbox) -> None:
    outlet = proved(made)
    outlets.stop_mail(**own(made))
    outlet.refresh_from_db()
    assert outlet.address == "" and outlets.mail_of(made.account("team")) is None
    with pytest.raises(Conflict):
        outlets.stop_mail(**own(made))
    proved(made)
