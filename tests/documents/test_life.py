"""A document's life: drafted, checked, signed by others, numbered without gaps, received, replied to, put away."""

import uuid
from datetime import date

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.documents.test_composing import AT, SEPTEMBER
from tests.factories.office import MONDAY, moment, office, project
from tests.figures.test_publishing import invest
from zijing.activities.actions import withdraw
from zijing.commitments.models import Commitment
from zijing.core.errors import Conflict, Invalid, Refused, Several
from zijing.documents.actions import (
    Wanted,
    archive,
    check,
    confirm_receipt,
    draft,
    drop,
    edit,
    issue,
    put_template,
    reply,
    send_back,
    sign,
    submit,
    take_back_template,
    void,
)  # fmt: skip
from zijing.documents.freezing import verify
from zijing.documents.models import Document, Quoted, Series, Stage, Step, Template
from zijing.documents.naming import number_of
from zijing.journal.chain import verify as verify_chain

pytestmark = pytest.mark.django_db


def template(**more):
    facts = {
        "key": "weekly", "title_zh": "周通报", "title_en": "Weekly bulletin", "sort": "bulletin", "word": "紫办通",
        "heading_zh": "关于{{期间}}投资情况的通报", "text_zh": "一、投资\n完成投资{{完成投资}}。", "pack": "test", "reply_days": 3,
    }  # fmt: skip
    return Template.objects.create(**facts | more)


def drafted(made, *, role="director", recipients=(), form=None, **wanted):
    units = [made.posts[name].unit for name in recipients]
    return draft(
        actor=made.actor(role), at=AT, template=form or template(), place=made.place, since=SEPTEMBER[0],
        until=SEPTEMBER[1], client_id=uuid.uuid4(), wanted=Wanted(recipients=units, **wanted),
    )  # fmt: skip


def signed(made, **more):
    document = drafted(made, **more)
    submit(actor=made.actor("director"), at=AT, document=document, seen=document.revision)
    check(actor=made.actor("secretary"), at=AT, document=document)
    sign(actor=made.actor("secretary"), at=AT, document=document)
    return document


def issued(made, **more):
    document = signed(made, **more)
    issue(actor=made.actor("director"), at=AT, document=document)
    return document


def with_investment():
    made = office(packs=("targets", "documents"))
    return made, invest(made, project(made), MONDAY, 1_230_000)


def test_from_draft_to_archive():
    made, _record = with_investment()
    document = issued(made, recipients=("section",))
    assert (number_of(document), document.title) == ("紫办通〔2020〕1号", "关于2020年9月投资情况的通报")
    assert document.reply_by == date(2020, 10, 12)  # 9, 10 (worked instead of the holiday) and 12 October
    [recipient] = document.recipients.all()
    owed = Commitment.objects.get(pk=recipient.owed_id)
    assert (owed.deadline, owed.unit, owed.is_open) == (document.reply_by, recipient.unit, True)
    section, later = made.actor("section"), moment(date(2020, 10, 9))
    with pytest.raises(Conflict, match="section"):
        archive(actor=made.actor("director"), at=later, document=document)
    confirm_receipt(actor=section, at=later, recipient=recipient)
    reply(actor=section, at=later, recipient=recipient, text="已完成。")
    owed.refresh_from_db()
    assert not owed.is_open
    with pytest.raises(Conflict):
        reply(actor=section, at=later, recipient=recipient, text="再次")
    archive(actor=made.actor("director"), at=later, document=document)
    steps = list(Step.objects.filter(document=document).order_by("pk").values_list("verb", flat=True))
    assert steps == ["submit", "check", "sign", "issue", "archive"]
    assert document.stage == Stage.ARCHIVED and verify_chain(made.place.pk).sound


def test_who_drafted_neither_checks_nor_signs():
    made, _record = with_investment()
    document = drafted(made)
    submit(actor=made.actor("director"), at=AT, document=document, seen=1)
    with pytest.raises(Refused):
        check(actor=made.actor("director"), at=AT, document=document)
    check(actor=made.actor("secretary"), at=AT, document=document)
    with pytest.raises(Refused):
        sign(actor=made.actor("director"), at=AT, document=document)


def test_numbers_are_frozen_when_handed_in_and_free_again_when_sent_back():
    made, record = with_investment()
    document = drafted(made)
    submit(actor=made.actor("director"), at=AT, document=document, seen=1)
    [quoted] = Quoted.objects.filter(document=document)
    assert (quoted.shown, quoted.n, str(quoted.amount)) == ("123万元", 1, "123000000.0000")
    assert verify(document, quoted, made.actor("secretary"), AT).holds
    withdraw(actor=made.system, at=AT, activity=record, reason="错")
    held = verify(document, quoted, made.actor("secretary"), AT)
    assert (held.holds, held.now, held.changed) == (False, "", 1)
    [(_span, changed)] = held.changes
    assert changed.removed == [record]
    send_back(actor=made.actor("secretary"), at=AT, document=document, reason="数有误")
    assert not Quoted.objects.filter(document=document).exists() and document.content == {}
    with pytest.raises(Invalid):
        submit(actor=made.actor("director"), at=AT, document=document, seen=document.revision)


def test_two_editors_do_not_overwrite_each_other():
    made, _record = with_investment()
    document = drafted(made)
    edit(
        actor=made.actor("director"),
        at=AT,
        document=document,
        seen=1,
        wanted=Wanted(text="完成投资{{完成投资}}，良好。"),
    )
    with pytest.raises(Conflict):
        edit(actor=made.actor("secretary"), at=AT, document=document, seen=1, wanted=Wanted(text="别的"))
    document.refresh_from_db()
    assert document.text.endswith("良好。") and document.revision == 2


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"text": "{{没有}}"}, "text"), ({"title": " "}, "title"), ({"title": "长" * 201}, "title"),
        ({"urgency": "马上"}, "urgency"), ({"secrecy": "机密"}, "secrecy"), ({"reply_days": 999}, "reply_days"),
        ({"note": "注" * 201}, "note"),
    ],
)  # fmt: skip
def test_a_draft_that_breaks_a_rule_is_refused_and_not_begun(wanted, field):
    made, _record = with_investment()
    with pytest.raises((Invalid, Several)) as refused:
        drafted(made, **wanted)
    assert field in {refused.value.field, *(e.field for e in getattr(refused.value, "errors", []))}
    assert not Document.objects.exists()


def test_a_period_that_is_not_over_and_a_place_not_wholly_seen_are_refused():
    made, _record = with_investment()
    form = template()
    asked = {"template": form, "at": AT, "place": made.place, "client_id": uuid.uuid4()}
    with pytest.raises(Invalid, match="2020-10-31"):
        draft(actor=made.actor("director"), since=date(2020, 10, 1), until=date(2020, 10, 31), **asked)
    with pytest.raises(Refused):
        draft(actor=made.actor("community"), since=SEPTEMBER[0], until=SEPTEMBER[1], **asked)


def test_a_draft_asked_for_twice_is_one():
    made, _record = with_investment()
    asked = {
        "actor": made.actor("director"), "at": AT, "template": template(), "place": made.place, "since": SEPTEMBER[0],
        "until": SEPTEMBER[1], "client_id": uuid.uuid4(),
    }  # fmt: skip
    assert draft(**asked).pk == draft(**asked).pk


def test_recipients_see_what_is_issued_and_nothing_before():
    made, _record = with_investment()
    document = signed(made, recipients=("team",))
    team = made.actor("team")
    assert not Document.objects.visible_to(team).exists()
    issue(actor=made.actor("director"), at=AT, document=document)
    assert list(Document.objects.visible_to(team)) == [document]
    assert not Document.objects.visible_to(made.actor("team2")).exists()
    [recipient] = document.recipients.all()
    with pytest.raises(Refused):
        reply(actor=made.actor("team2"), at=AT, recipient=recipient, text="不是我")


def test_void_keeps_the_number_and_settles_what_was_owed():
    made, _record = with_investment()
    document = issued(made, recipients=("section",))
    void(actor=made.actor("secretary"), at=AT, document=document, reason="发错")
    assert (document.stage, document.number) == (Stage.VOID, 1)
    assert not Commitment.objects.get(pk=document.recipients.get().owed_id).is_open
    again = issued(made, form=template(key="other"))
    assert again.number == 2


def test_an_offices_own_template_is_used_instead_of_the_packs_until_given_up():
    made, _record = with_investment()
    form = template()
    with pytest.raises(Several):
        put_template(actor=made.actor("director"), at=AT, template=form, text="{{没有}}")
    own = put_template(actor=made.actor("director"), at=AT, template=form, text="投资{{完成投资}}，{{单位}}。")
    assert (own.version, own.office) == (2, made.place)
    take_back_template(actor=made.actor("director"), at=AT, template=own)
    assert Template.objects.filter(key="weekly").get() == form


VERBS = st.sampled_from((submit, check, sign, issue, send_back, void, drop, archive))


class Registry(RuleBasedStateMachine):
    """Any order of drafting, signing, issuing, sending back, dropping and taking back."""

    made = None
    form = None

    def __init__(self):
        super().__init__()
        self.mine = []

    @rule()
    def begin(self):
        self.mine.append(drafted(self.made, form=self.form))

    @precondition(lambda self: self.mine)
    @rule(verb=VERBS, which=st.integers(0, 5))
    def do(self, verb, which):
        document = self.mine[which % len(self.mine)]
        more = {"seen": document.revision} if verb is submit else {}
        more |= {"reason": "原因"} if verb in {send_back, void, drop} else {}
        role = "director" if verb in {submit, issue, archive, drop} else "secretary"
        try:
            verb(actor=self.made.actor(role), at=AT, document=document, **more)
        except Conflict:
            document.refresh_from_db()

    @invariant()
    def numbers_have_no_gaps_and_are_given_once(self):
        numbers = sorted(Document.objects.exclude(number=None).values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert (Series.objects.values_list("last", flat=True).first() or 0) == len(numbers)

    @invariant()
    def what_is_printed_stands_fast_from_handing_in_on(self):
        for document in self.mine:
            if document.stage not in {Stage.DRAFT, Stage.VOID}:
                assert document.content and document.digest and document.numbers.count() == 1

    @invariant()
    def a_number_belongs_to_what_two_others_have_passed(self):
        numbered = Document.objects.exclude(number=None)
        assert not numbered.filter(signed_by=None).exists() and not numbered.filter(checked_by=None).exists()


def test_any_order_of_steps_keeps_the_numbers_whole():
    made, _record = with_investment()
    machine = type("Tried", (Registry,), {"made": made, "form": template(reply_days=0)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8, stateful_step_count=20, deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )  # fmt: skip
