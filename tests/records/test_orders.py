"""Orders of a hotline: taken in by their own number, from sheets and pasted, each once; answered in the sender's columns."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from openpyxl import load_workbook

from tests.factories import office as offices
from tests.factories.office import MONDAY, Office, moment
from tests.factories.sheets import remarks, said, workbook
from zijing.cases import actions
from zijing.cases.merging import merge
from zijing.cases.models import Case, Stage
from zijing.cases.queries import explain
from zijing.core.errors import Invalid, Missing, Refused
from zijing.core.identifiers import new_id
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.packs import intake
from zijing.packs.exporting import REPLY, export
from zijing.people.models import Assignment, Role
from zijing.records import sheets
from zijing.records.models import Kind
from zijing.records.sheets import Options, Result
from zijing.records.sheets.pasted import workbook_of
from zijing.records.tables import stage_label

pytestmark = pytest.mark.django_db
AT = moment(MONDAY, 10)
HEAD = (
    "序号",
    "工单编号",
    "诉求标题",
    "诉求内容",
    "诉求类型",
    "受理时间",
    "要求办结时间",
    "社区",
    "来电号码",
    "办理情况",
    "办理结果",
    "办结时间",
)
ONE = (
    1,
    "20200907000123",
    "噪声",
    "夜里十一点还在施工",
    "投诉",
    "2020-09-07 08:12:33",
    "2020-09-10",
    "示例社区01",
    "13800000001",
)
TWO = (2, "20200907000124", "井盖", "路口井盖丢失", "求助", "2020-09-07", None, None, None)


@pytest.fixture(autouse=True)
def in_chinese() -> Any:
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def made() -> Office:
    return offices.office(packs=("hotline",))


def imported(made: Office, content: bytes, *, at: Any = AT, **more: Any) -> Result:
    actor = made.actor("secretary")
    target = intake.target("hotline-order", actor)
    options = Options(confirmed=True)
    return sheets.bring_in(target=target, actor=actor, at=at, source=content, options=options, marked=True, **more)


def pasted(made: Office, text: str, **more: Any) -> Result:
    target = intake.target("hotline-order", made.actor("section"))
    return imported(made, workbook_of(text, target.fields), **more)


def as_text(*rows: tuple[Any, ...]) -> str:
    return "\r\n".join("\t".join("" if cell is None else str(cell) for cell in row) for row in rows)


def order(number: str = "20200907000123") -> Case:
    found: Case = Case.objects.select_related("kind", "timer").get(business_key=number)
    return found


def closed(made: Office, case: Case, answer: str = "已责令停工，夜间不再施工") -> None:
    for verb, role, more in (
        ("dispatch", "secretary", {"unit": made.posts["team"].unit}), ("accept", "team", {}),
        ("submit", "team", {"reason": "现场核实"}), ("close", "secretary", {"reason": answer}),
    ):  # fmt: skip
        getattr(actions, verb)(actor=made.actor(role), at=AT, case=case, **more)


def replied(made: Office) -> list[list[Any]]:
    kind = Kind.objects.get(key="hotline-order")
    done = export(actor=made.actor("secretary"), at=AT, kind=kind, params={}, form=REPLY)
    sheet = load_workbook(BytesIO(done.content)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


class TestTheKey:
    def test_an_order_becomes_a_case_under_its_number_with_its_clock(self, made: Office) -> None:
        result = imported(made, workbook([HEAD, ONE, TWO]))
        assert result.landed and result.created == 2, said(result)
        case = order()
        assert (case.stage, case.title, case.source, case.happened_on) == (Stage.FILED, "噪声", "order", MONDAY)
        assert case.place == made.places["示例社区01"] and case.timer.due().at == case.due_at
        assert case.due_at == moment(MONDAY + timedelta(days=3), 18) and "3个自然日" in explain(case).replace(" ", "")
        assert order("20200907000124").due_at == AT + timedelta(hours=72)
        assert "13800000001" not in str(case.fields) and verify(made.place.pk).sound

    def test_the_same_sheet_again_makes_no_second_case_and_says_which_stand(self, made: Office) -> None:
        imported(made, workbook([HEAD, ONE]))
        case = order()
        actions.dispatch(actor=made.actor("secretary"), at=AT, case=case, unit=made.posts["team"].unit)
        before, entries = Case.objects.values().get(pk=case.pk), JournalEntry.objects.count()
        changed = (*ONE[:2], "别的标题", "别的内容", *ONE[4:])
        result = imported(made, workbook([HEAD, changed, TWO]))
        assert (result.created, result.changed, result.same) == (1, 0, 1)
        assert Case.objects.values().get(pk=case.pk) == before
        assert [(n, s.pk) for n, s in result.standing.items()] == [(2, case.pk)]
        assert any("20200907000123" in r and "噪声" in r and stage_label("dispatched") in r for r in remarks(result))
        assert JournalEntry.objects.count() == entries + 1
        book = load_workbook(BytesIO(result.annotated))
        comment = book[result.sheet]["A2"].comment
        assert comment is not None and "20200907000123" in comment.text

    def test_of_what_lies_outside_the_sight_only_that_it_stands(self, made: Office) -> None:
        imported(made, workbook([HEAD, (*ONE[:7], "示例村02")]))
        community = made.posts["community"]
        community.role.verbs = [*community.role.verbs, "cases.import"]
        community.role.save()
        actor = made.actor("community")
        target = intake.target("hotline-order", actor)
        result = sheets.preview(target=target, actor=actor, at=AT, source=workbook([HEAD, ONE]))
        [standing] = result.standing.values()
        assert standing.pk is None and "噪声" not in standing.message

    def test_the_same_order_twice_in_a_sheet_counts_once_when_it_says_the_same(self, made: Office) -> None:
        result = imported(made, workbook([HEAD, ONE, TWO, ONE]))
        assert result.landed and result.created == 2, said(result)
        assert any("4" in r and "2" in r for r in remarks(result))
        other = (*ONE[:2], "不同", *ONE[3:])
        refused = imported(made, workbook([HEAD, (9, "N9", "x", "x"), ONE, other]))
        assert not refused.landed and len(refused.errors) == 2 and Case.objects.count() == 2

    def test_who_files_cases_does_not_therefore_take_in_orders(self, made: Office) -> None:
        for role in ("section", "grid", "community"):
            actor = made.actor(role)
            assert actor.may("cases.file") and "hotline-order" not in {t.key for t in intake.targets(actor)}
            with pytest.raises(Refused):
                target = intake.target("hotline-order", actor)
                sheets.bring_in(target=target, actor=actor, at=AT, source=workbook([HEAD, ONE]))
        assert "hotline-order" in {t.key for t in intake.targets(made.actor("secretary"))}
        assert "cases.import" in Role.objects.get(key="hotline_clerk").verbs and not Case.objects.exists()

    def test_typed_by_hand_a_number_seen_before_is_refused(self, made: Office) -> None:
        imported(made, workbook([HEAD, ONE]))
        values = {"number": ONE[1], "details": "又来一件"}
        with pytest.raises(Invalid):
            intake.record(actor=made.actor("section"), at=AT, kind=order().kind, values=values)

    def test_an_order_of_a_class_with_a_receiver_begins_there(self, made: Office) -> None:
        kind = Kind.objects.get(key="hotline-order")
        kind.definition = {**kind.definition, "receiver": "U-team"}
        kind.save()
        imported(made, workbook([HEAD, ONE, TWO]))
        unit = made.posts["team"].unit
        assert set(Case.objects.values_list("stage", "unit")) == {(Stage.DISPATCHED, unit.pk)}
        assert Assignment.objects.filter(subject_type="cases.case", unit=unit).count() == 2
        assert verify(made.place.pk).sound

    def test_where_that_unit_no_longer_exists_it_waits_to_be_dispatched(self, made: Office) -> None:
        kind = Kind.objects.get(key="hotline-order")
        kind.definition = {**kind.definition, "receiver": "U-gone"}
        kind.save()
        assert imported(made, workbook([HEAD, ONE])).landed and order().stage == Stage.FILED


class TestPasted:
    def test_rows_with_quoted_line_breaks(self, made: Office) -> None:
        text = as_text(HEAD, ONE).replace("夜里十一点还在施工", '"夜里十一点\n还在""施工"""')
        assert pasted(made, text).created == 1
        assert order().fields["details"] == '夜里十一点\n还在"施工"'

    def test_quotes_that_fit_nowhere_are_words(self, made: Office) -> None:
        text = as_text(HEAD, ONE).replace("夜里十一点还在施工", '"急"路灯不亮')
        assert pasted(made, text).created == 1 and order().fields["details"] == '"急"路灯不亮'

    def test_orders_as_labels_and_values(self, made: Office) -> None:
        text = (
            "\ufeff工单编号：A1　\n诉求标题: 噪声\n诉求内容：来电人说：\n夜里施工，时间：23点\n社区：示例社区01\n\n"
            "工单编号：\tA2\t诉求标题：\t井盖\n诉求内容：丢了"
        )
        result = pasted(made, text)
        assert result.landed, said(result)
        assert Case.objects.get(business_key="A1").fields["details"] == "来电人说：\n夜里施工，时间：23点"
        assert Case.objects.get(business_key="A2").title == "井盖"

    def test_again_it_is_the_same_order(self, made: Office) -> None:
        imported(made, workbook([HEAD, ONE]))
        result = pasted(made, f"工单编号：{ONE[1]}\n诉求内容：别的")
        assert (result.created, result.same, list(result.standing)) == (0, 1, [2])

    @pytest.mark.parametrize(
        "text", ["", "  \n\t\n", "您好，请查收附件", "工单编号\t诉求内容", "a\tb\nc\td", "：：\n:"]
    )
    def test_a_text_with_nothing_in_it(self, made: Office, text: str) -> None:
        with pytest.raises(Invalid, match="没有"):
            pasted(made, text)

    def test_hostile_cells_stay_words(self, made: Office) -> None:
        evil = '=HYPERLINK("http://x")'
        assert pasted(made, as_text(HEAD, (*ONE[:2], evil, "@SUM(1)\x00\x08", *ONE[4:]))).landed
        assert (order().title, order().fields["details"]) == (evil, "@SUM(1)")
        closed(made, order(), "=1+1")
        rows = replied(made)
        assert rows[1][2] == evil and "=1+1" in rows[1]

    def test_a_text_longer_than_a_cell(self, made: Office) -> None:
        with pytest.raises(Invalid):
            pasted(made, as_text(HEAD, (*ONE[:3], "长" * 40_000)))

    def test_a_number_that_the_spreadsheet_has_shortened(self, made: Office) -> None:
        result = pasted(made, as_text(HEAD, (1, "2.02009E+13", "x", "y")))
        assert not result.landed and "缩写" in said(result)[0][1]

    def test_an_unknown_place_is_said_at_its_cell_and_nothing_is_lost(self, made: Office) -> None:
        result = pasted(made, as_text(HEAD, ONE, (*TWO[:7], "没有的社区")))
        assert not result.landed and [e.where for e in result.errors] == ["H3"] and not Case.objects.exists()

    def test_without_a_place_it_lies_at_the_office(self, made: Office) -> None:
        pasted(made, as_text(HEAD, TWO))
        assert order("20200907000124").place == made.place

    def test_ten_thousand_rows(self, made: Office) -> None:
        rows = [(n, f"N{n:05}", "噪声", f"第{n}件", "投诉", "2020-09-07") for n in range(10_000)]
        result = pasted(made, as_text(HEAD, *rows), client_id=new_id())
        assert result.created == 10_000 and Case.objects.filter(timer__isnull=False).count() == 10_000


class TestReplies:
    def test_the_senders_columns_in_their_order_with_the_answers(self, made: Office) -> None:
        imported(made, workbook([HEAD, ONE, TWO]))
        closed(made, order())
        head, one, two = replied(made)
        assert head == [*HEAD, "承办单位"]
        assert one[1:4] == ["20200907000123", "噪声", "夜里十一点还在施工"] and one[0] is None
        assert (
            one[9:11] == ["已责令停工，夜间不再施工", "已办结"] and one[11].date() == MONDAY and one[12] == "team单位"
        )
        assert "13800000001" not in one
        assert two[9:] == [None, "办理中", None, None]

    def test_a_merged_order_is_answered_as_the_one_that_stands(self, made: Office) -> None:
        imported(made, workbook([HEAD, ONE, TWO]))
        merge(actor=made.actor("secretary"), at=AT, case=order("20200907000124"), into=order())
        assert [row[10] for row in replied(made)[1:]] == ["办理中", "办理中"]
        closed(made, order())
        assert [row[9:11] for row in replied(made)[1:]] == [["已责令停工，夜间不再施工", "已办结"]] * 2

    def test_what_was_taken_out_is_answered_with_the_reason(self, made: Office) -> None:
        imported(made, workbook([HEAD, ONE]))
        actions.void(actor=made.actor("secretary"), at=AT, case=order(), reason="不属本街道管辖")
        assert replied(made)[1][9:11] == ["不属本街道管辖", "不予受理"]

    def test_the_last_sheet_counts_and_before_the_first_the_kinds_own_columns(self, made: Office) -> None:
        assert replied(made)[0][:2] == ["工单编号", "诉求标题"]
        imported(made, workbook([HEAD, ONE]))
        imported(made, workbook([("内容", "受理编号", "答复内容"), ("x", "B1", None)]))
        assert replied(made)[0] == ["内容", "受理编号", "答复内容", "办理结果", "办结时间", "承办单位"]

    def test_of_other_kinds_nobody_wants_a_reply(self, made: Office) -> None:
        with pytest.raises(Missing):
            kind = Kind.objects.get(key="issue")
            export(actor=made.actor("secretary"), at=AT, kind=kind, params={}, form=REPLY)
