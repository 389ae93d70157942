"""Signing in as people do: failures that lock, the second step, sessions that end, passwords that follow rules."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.factories.office import FOUNDED, Office, office
from zijing.core.errors import Conflict, Refused
from zijing.people import second_factor, signing
from zijing.people.access import oneself
from zijing.people.actions import lock_account, reset_password, reset_second_factor, set_password, unlock_account
from zijing.people.models import Account, RecoveryCode, SecondFactor, Session, SignIn

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough one"


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture
def account(made: Office) -> Account:
    return with_password(made, "section")


def with_password(made: Office, role: str) -> Account:
    account = made.account(role)
    set_password(actor=made.system, at=FOUNDED, account=account, password=PASSWORD)
    account.refresh_from_db()
    return account


def enter(account: Account, password: str = PASSWORD, client: Client | None = None, **more: Any) -> tuple[Client, Any]:
    client = client or Client(headers={"accept-language": "en", "user-agent": "Browser"})
    return client, client.post("/sign-in/", {"username": account.username, "password": password}, **more)


def secret_of(account: Account) -> TOTP:
    return second_factor._totp(SecondFactor.objects.get(account=account))


def code_at(account: Account, steps: int = 0) -> str:
    return secret_of(account).generate(int(timezone.now().timestamp()) + 30 * steps).decode()


def with_factor(account: Account) -> list[str]:
    second_factor.begin(account)
    actor = oneself(account, channel="test")
    return second_factor.confirm(
        actor=actor, at=FOUNDED, account=account, code=code_at(account, -1), now=timezone.now()
    )


def outcomes(account: Account) -> list[str]:
    return list(SignIn.objects.filter(account=account).order_by("pk").values_list("outcome", flat=True))


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238 appendix B, SHA-1, cut to six digits."""
    totp = TOTP(b"12345678901234567890", 6, SHA1(), 30)
    assert [totp.generate(at).decode() for at in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


def test_every_attempt_is_logged_and_no_password_is(account: Account) -> None:
    enter(account, "wrong-secret-word")
    enter(account)
    Client().post("/sign-in/", {"username": "mysecretpassword", "password": "x"})
    assert outcomes(account) == ["password", "in"]
    rows = str(list(SignIn.objects.values()))
    assert not any(word in rows for word in ("wrong-secret-word", PASSWORD, "mysecretpassword"))


def test_the_log_refuses_change_and_deletion(account: Account) -> None:
    from django.db import IntegrityError, transaction

    enter(account)
    for sql in ("UPDATE people_signin SET outcome = 'out'", "DELETE FROM people_signin"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_fifth_failure_locks_the_name_there_and_a_quarter_of_an_hour_later_it_is_open(account: Account) -> None:
    now = timezone.now()

    def tried(at: Any, password: str = "wrong", address: str = "10.0.0.1") -> int:
        try:
            signing.check_password(name=account.username, password=password, address=address, at=at)
        except signing.TooMany:
            return 429
        except signing.NotSignedIn:
            return 422
        return 200

    assert [tried(now + timedelta(seconds=n)) for n in range(5)] == [422] * 5
    assert tried(now + timedelta(minutes=1), PASSWORD) == 429
    assert tried(now + timedelta(minutes=1), PASSWORD, "10.0.0.2") == 200
    assert tried(now + timedelta(minutes=14, seconds=59), PASSWORD) == 429
    assert tried(now + timedelta(minutes=15, seconds=5), PASSWORD) == 200


def test_a_name_that_does_not_exist_locks_just_the_same(account: Account) -> None:
    answers = [Client().post("/sign-in/", {"username": "nobody", "password": "x"}) for _n in range(6)]
    assert [a.status_code for a in answers] == [422] * 5 + [429]


def test_a_flood_from_one_address_waits_whatever_names_it_tries(account: Account, monkeypatch: Any) -> None:
    monkeypatch.setattr(signing, "FROM_ONE_ADDRESS", 7)
    for n in range(7):
        Client().post("/sign-in/", {"username": f"name{n}", "password": "x"})
    assert enter(account)[1].status_code == 429
    assert enter(account, REMOTE_ADDR="10.0.0.9")[1].status_code == 302


def test_the_security_administrator_unlocks(made: Office, account: Account) -> None:
    for _n in range(5):
        enter(account, "wrong")
    assert signing.is_waiting(account, timezone.now())
    with pytest.raises(Refused):
        signing.forgive(actor=made.actor("secretary"), at=FOUNDED, account=account, now=timezone.now())
    signing.forgive(actor=made.actor("security_admin"), at=FOUNDED, account=account, now=timezone.now())
    assert not signing.is_waiting(account, timezone.now())
    assert enter(account)[1].status_code == 302


def test_a_locked_account_says_no_more_than_a_wrong_password(made: Office, account: Account) -> None:
    client, _answer = enter(account)
    admin = made.actor("security_admin")
    lock_account(actor=admin, at=FOUNDED, account=account)
    assert client.get("/today/").status_code == 302, "its sessions ended"
    assert enter(account)[1].context["error"] == enter(account, "wrong")[1].context["error"]
    unlock_account(actor=admin, at=FOUNDED, account=account)
    assert enter(account)[1].status_code == 302
    with pytest.raises(Conflict):
        unlock_account(actor=admin, at=FOUNDED, account=account)


def test_the_second_step_asks_for_a_code(account: Account) -> None:
    with_factor(account)
    client, answer = enter(account)
    assert answer["Location"] == "/sign-in/code/"
    assert client.get("/today/").status_code == 302, "not signed in yet"
    assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 422
    assert client.post("/sign-in/code/", {"code": code_at(account)})["Location"] == "/today/"
    assert client.get("/today/").status_code == 200
    assert outcomes(account) == ["code", "in"]


def test_a_used_code_is_refused_in_every_browser(account: Account) -> None:
    with_factor(account)
    code = code_at(account)
    first, second = enter(account)[0], enter(account)[0]
    assert first.post("/sign-in/code/", {"code": code}).status_code == 302
    assert second.post("/sign-in/code/", {"code": code}).status_code == 422
    assert second.post("/sign-in/code/", {"code": code_at(account, -1)}).status_code == 422, "nor an earlier one"
    assert second.post("/sign-in/code/", {"code": code_at(account, 1)}).status_code == 302


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_a_step_off(account: Account, steps: int, good: bool) -> None:
    with_factor(account)
    SecondFactor.objects.update(last_step=0)
    now = timezone.now()
    code = secret_of(account).generate(int(now.timestamp()) + 30 * steps).decode()
    assert second_factor.accepts(account, code, now) is good


def test_codes_count_towards_the_lock_and_a_right_password_does_not_reset_it(account: Account) -> None:
    with_factor(account)
    for _n in range(5):
        client, answer = enter(account)
        assert answer.status_code == 302
        assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 422
    assert client.post("/sign-in/code/", {"code": code_at(account)}).status_code == 429
    assert enter(account)[1].status_code == 429


def test_a_recovery_code_opens_once_and_is_kept_hashed(account: Account) -> None:
    codes = with_factor(account)
    assert len(codes) == len(set(codes)) == 10
    assert not any(c in str(list(RecoveryCode.objects.values())) for c in codes)
    assert enter(account)[0].post("/sign-in/code/", {"code": codes[0].lower()}).status_code == 302
    assert enter(account)[0].post("/sign-in/code/", {"code": codes[0]}).status_code == 422


def test_the_secret_is_sealed_and_shown_to_its_account_only_until_confirmed(account: Account) -> None:
    client = enter(account)[0]
    page = client.get("/account/second-factor/")
    secret = page.context["secret"].replace(" ", "")
    assert secret not in SecondFactor.objects.get().secret
    assert client.get("/account/second-factor/code.png").content.startswith(b"\x89PNG")
    done = client.post("/account/second-factor/", {"code": code_at(account)})
    assert len(done.context["codes"]) == 10
    assert client.get("/account/second-factor/code.png").status_code == 404
    assert client.get("/account/second-factor/").status_code == 302
    assert "no-store" in done["Cache-Control"]


def test_an_administrator_sets_up_the_second_factor_before_anything_else(made: Office) -> None:
    admin = with_password(made, "system_admin")
    client, answer = enter(admin)
    assert answer.status_code == 302
    assert client.get("/today/")["Location"] == "/account/second-factor/"
    client.get("/account/second-factor/")
    client.post("/account/second-factor/", {"code": code_at(admin)})
    assert client.get("/today/").status_code == 200


def test_a_setting_asks_everybody(account: Account, settings: Any) -> None:
    assert enter(account)[0].get("/today/").status_code == 200
    settings.SECOND_FACTOR = "all"
    assert enter(account)[0].get("/today/")["Location"] == "/account/second-factor/"


def test_a_reset_password_must_be_changed_at_once(made: Office, account: Account) -> None:
    before = enter(account)[0]
    once = reset_password(actor=made.actor("security_admin"), at=FOUNDED, account=account)
    assert before.get("/today/").status_code == 302, "sessions ended"
    client, _answer = enter(account, once)
    assert client.get("/today/")["Location"] == "/account/password/"
    sent = {"old": once, "new": "something quite new", "again": "something quite new"}
    assert client.post("/account/password/", sent)["Location"] == "/today/"
    assert client.get("/today/").status_code == 200
    assert enter(account, once)[1].status_code == 422


@pytest.mark.parametrize(
    "wanted", ["short", "1234567890123", "password1234", "section-section", PASSWORD, "a long enough one "[:-1]]
)
def test_a_new_password_follows_the_rules(account: Account, wanted: str) -> None:
    account.username = "section-section"
    account.save()
    client = enter(account)[0]
    sent = {"old": PASSWORD, "new": wanted, "again": wanted}
    assert client.post("/account/password/", sent).status_code == 422
    assert enter(account)[1].status_code == 302


def test_the_last_five_passwords_do_not_come_back(account: Account) -> None:
    client = enter(account)[0]
    words = [PASSWORD, *[f"another one, number {w}" for w in ("uno", "due", "tre", "quattro", "cinque")]]

    def change(old: str, new: str) -> int:
        return client.post("/account/password/", {"old": old, "new": new, "again": new}).status_code

    for old, new in itertools.pairwise(words):
        assert change(old, new) == 302
    assert change(words[-1], words[1]) == 422
    assert change(words[-1], PASSWORD) == 302, "the sixth last may"


def test_other_sessions_end_with_a_password_and_at_most_three_go_on(account: Account) -> None:
    clients = [enter(account)[0] for _n in range(4)]
    assert [c.get("/today/").status_code for c in clients] == [302, 200, 200, 200]
    sent = {"old": PASSWORD, "new": "something quite new", "again": "something quite new"}
    clients[3].post("/account/password/", sent)
    assert [c.get("/today/").status_code for c in clients] == [302, 302, 302, 200]


def test_one_ends_an_own_session_and_nobody_elses(made: Office, account: Account) -> None:
    here, there, other = enter(account)[0], enter(account)[0], enter(with_password(made, "leader"))[0]
    shown = here.get("/account/").context
    numbers = {s.number for s, _device in shown["sessions"]}
    foreign = Session.objects.get(pk=other.session.session_key).number
    assert (len(numbers), foreign in numbers) == (2, False)
    assert here.post("/account/sessions/end/", {"session": foreign}).status_code == 409
    gone = Session.objects.get(pk=there.session.session_key).number
    assert here.post("/account/sessions/end/", {"session": gone}).status_code == 302
    assert [c.get("/today/").status_code for c in (here, there, other)] == [200, 302, 200]


def test_sessions_end_when_idle_and_after_twelve_hours(made: Office, account: Account) -> None:
    client = enter(account)[0]
    mine = Session.objects.filter(account=account)
    row = mine.get()
    assert row.expire_date - row.started_at == timedelta(hours=12)
    mine.update(seen_at=timezone.now() - timedelta(hours=7, minutes=59))
    assert client.get("/today/").status_code == 200
    mine.update(seen_at=timezone.now() - timedelta(hours=8, minutes=1))
    assert client.get("/today/").status_code == 302
    again = enter(account)[0]
    mine.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert again.get("/today/").status_code == 302


def test_activity_and_what_a_session_learns_do_not_prolong_its_twelve_hours(account: Account) -> None:
    client = enter(account)[0]
    begun = timezone.now() - timedelta(hours=11)
    Session.objects.filter(account=account).update(started_at=begun, expire_date=begun + timedelta(hours=12))
    client.get("/tour/1/")
    row = Session.objects.get(account=account)
    assert (row.started_at, row.expire_date) == (begun, begun + timedelta(hours=12))


def test_an_administrator_has_half_an_hour(made: Office) -> None:
    admin = with_password(made, "audit_admin")
    with_factor(admin)
    client = enter(admin)[0]
    client.post("/sign-in/code/", {"code": code_at(admin)})
    assert Session.objects.get(account=admin).idle_minutes == 30
    Session.objects.filter(account=admin).update(seen_at=timezone.now() - timedelta(minutes=31))
    assert client.get("/today/").status_code == 302


def test_a_reset_factor_ends_sessions_and_can_be_set_up_again(made: Office, account: Account) -> None:
    with_factor(account)
    client = enter(account)[0]
    client.post("/sign-in/code/", {"code": code_at(account)})
    reset_second_factor(actor=made.actor("security_admin"), at=FOUNDED, account=account)
    assert client.get("/today/").status_code == 302
    assert enter(account)[0].get("/account/second-factor/").status_code == 200


def test_a_client_cannot_choose_its_address(account: Account, settings: Any) -> None:
    for n in range(5):
        enter(account, "wrong", headers={"x-forwarded-for": f"10.0.0.{n}"})
    assert enter(account)[1].status_code == 429
    settings.BEHIND_PROXY = True
    answer = enter(account, headers={"x-forwarded-for": "1.1.1.1, 10.9.9.9"})[1]
    assert answer.status_code == 302
    assert SignIn.objects.order_by("-pk").first().address == "10.9.9.9"  # type: ignore[union-attr]


def test_a_password_may_grow_too_old(account: Account, settings: Any) -> None:
    settings.PASSWORD_MAX_DAYS = 90
    Account.objects.update(password_set_at=timezone.now() - timedelta(days=91))
    assert enter(account)[0].get("/today/")["Location"] == "/account/password/"


def test_who_holds_no_post_still_has_an_account_page(account: Account) -> None:
    bare = Account.objects.create_user("bare", PASSWORD)
    client = enter(bare)[0]
    assert client.get("/today/").status_code == 403
    assert client.get("/account/").status_code == 200
    sent = {"old": PASSWORD, "new": "something quite new", "again": "something quite new"}
    assert client.post("/account/password/", sent).status_code == 302


def test_nobody_changes_a_password_without_the_old_one(account: Account) -> None:
    client = enter(account)[0]
    sent = {"old": "wrong", "new": "something quite new", "again": "something quite new"}
    assert client.post("/account/password/", sent).status_code == 422
    assert enter(account)[1].status_code == 302


def test_an_open_session_is_no_place_to_guess_the_password(account: Account) -> None:
    client = enter(account)[0]
    sent = {"new": "something quite new", "again": "something quite new"}
    for n in range(5):
        assert client.post("/account/password/", sent | {"old": f"guess {n}"}).status_code == 422
    assert client.post("/account/password/", sent | {"old": PASSWORD}).status_code == 429
    account.refresh_from_db()
    assert account.check_password(PASSWORD) and outcomes(account)[-1] == "locked"


def test_nor_to_guess_a_code_for_new_recovery_codes(account: Account) -> None:
    kept = with_factor(account)
    client = enter(account)[0]
    client.post("/sign-in/code/", {"code": kept[0]})
    for _n in range(5):
        assert client.post("/account/second-factor/codes/", {"code": "000000"}).status_code == 422
    assert client.post("/account/second-factor/codes/", {"code": code_at(account)}).status_code == 429
    assert RecoveryCode.objects.filter(account=account, used_at=None).count() == len(kept) - 1
