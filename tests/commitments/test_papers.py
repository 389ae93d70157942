import json
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from click.testing import CliRunner

from tests.factories.office import MONDAY, moment, office
from zijing.cli.commands import zijing
from zijing.commitments.actions import accept_drafts, drop_drafts, edit_draft, keep_paper, merge_drafts
from zijing.commitments.models import Commitment, Draft, Paper
from zijing.commitments.papers import changed, draft_page
from zijing.core.errors import Conflict, Invalid, Refused
from zijing.outbox.jobs import run_due_jobs

pytestmark = pytest.mark.django_db
PLAN = "2020年底前，东湖学校、北苑小区要完成改造；新增停车泊位300个。各村河长每周巡河一次。持续推进垃圾分类。"
NOW = moment(MONDAY)


@pytest.fixture
def made():
    return office(packs=("targets",))


@pytest.fixture
def actor(made):
    return made.actor("section")


@pytest.fixture
def paper(actor):
    return keep_paper(actor=actor, at=NOW, title="年度计划", text=PLAN, client_id=uuid4())


def seen(paper, *titles):
    drafts = paper.drafts.filter(title__in=titles) if titles else paper.drafts.all()
    return [(d.pk, d.revision) for d in drafts.order_by("pk")]


def accept(made, actor, paper, chosen, **more):
    lead = made.posts["section"].unit
    return accept_drafts(
        actor=actor, at=NOW, paper=paper, chosen=chosen, lead=lead, deadline=date(2020, 12, 31), **more
    )


def test_a_plan_becomes_drafts_that_stand_in_its_text(paper):
    drafts = paper.drafts.order_by("pk")
    assert [d.title for d in drafts] == [
        "东湖学校完成改造",
        "北苑小区完成改造",
        "新增停车泊位300个",
        "每周巡河一次",
        "持续推进垃圾分类",
    ]
    assert PLAN[drafts[2].start : drafts[2].end] == "新增停车泊位300个"


def test_accepted_drafts_are_commitments_under_the_papers_own_plan_with_their_place_in_the_text(made, actor, paper):
    commitments = accept(made, actor, paper, seen(paper))
    parking = next(c for c in commitments if c.title == "新增停车泊位300个")
    assert (parking.quantity, parking.measure, parking.parent.title) == (300, "个", "年度计划")
    assert PLAN[parking.origin.start : parking.origin.end] == parking.origin.quote
    duty = next(c for c in commitments if c.title == "每周巡河一次")
    assert (duty.kind.key, duty.recurrence) == ("duty", "week")
    assert set(paper.drafts.values_list("state", flat=True)) == {Draft.State.ACCEPTED}


def test_two_editors_at_once_the_second_is_told(made, actor, paper):
    draft = paper.drafts.get(title="新增停车泊位300个")
    edit_draft(actor=actor, at=NOW, draft=draft, revision=0, values={"quantity": Decimal(320)})
    with pytest.raises(Conflict):
        edit_draft(actor=actor, at=NOW, draft=draft, revision=0, values={"quantity": Decimal(310)})
    with pytest.raises(Conflict):
        accept(made, actor, paper, [(draft.pk, 0)])
    assert Commitment.objects.filter(title=draft.title).count() == 0


def test_what_people_changed_is_kept(actor, paper):
    draft = paper.drafts.get(title="新增停车泊位300个")
    edit_draft(actor=actor, at=NOW, draft=draft, revision=0, values={"quantity": Decimal(320)})
    drop_drafts(actor=actor, at=NOW, paper=paper, chosen=seen(paper, "持续推进垃圾分类"))
    told = list(changed(actor))
    assert [(t["quote"], t["state"], t["found"]["quantity"]) for t in told] == [
        ("新增停车泊位300个", "open", 300), ("持续推进垃圾分类", "dropped", None),
    ]  # fmt: skip
    assert Decimal(told[0]["kept"]["quantity"]) == 320


def test_merging_leaves_one_that_spans_both(actor, paper):
    both = seen(paper, "东湖学校完成改造", "新增停车泊位300个")
    kept = merge_drafts(actor=actor, at=NOW, paper=paper, chosen=both)
    assert (kept.title, kept.quantity, kept.unit) == ("东湖学校完成改造", 300, "个")
    assert PLAN[kept.start : kept.end].endswith("新增停车泊位300个")
    assert Draft.objects.get(pk=both[1][0]).into == kept


def test_a_target_without_a_unit_is_refused(actor, paper):
    draft = paper.drafts.get(title="持续推进垃圾分类")
    with pytest.raises(Invalid) as refused:
        edit_draft(actor=actor, at=NOW, draft=draft, revision=0, values={"quantity": Decimal(3), "unit": ""})
    assert refused.value.field == "unit"


def test_the_same_paper_sent_twice_is_kept_once(actor):
    twice = uuid4()
    for _turn in range(2):
        keep_paper(actor=actor, at=NOW, title="", text=PLAN, client_id=twice)
    assert Paper.objects.count() == 1


def test_a_grid_worker_may_not_and_another_office_sees_nothing(made, paper):
    with pytest.raises(Refused):
        keep_paper(actor=made.actor("grid"), at=NOW, title="", text=PLAN, client_id=uuid4())
    assert not Paper.objects.visible_to(made.actor("grid")).exists()
    other = office("410181006000", "外乡")
    assert not Paper.objects.visible_to(other.actor("section")).exists()


def test_ten_thousand_drafts_are_shown_by_pages(actor, paper, django_assert_num_queries):
    found = paper.drafts.first()
    Draft.objects.bulk_create(
        [
            Draft(paper=paper, start=0, end=5, title=f"第{n}项", sort="task", family="other", strength="soft", found={})
            for n in range(10_000)
        ]
    )
    with django_assert_num_queries(4):
        page = draft_page(actor, paper)
    assert (len(page.cards), page.open, page.cards[0].draft) == (50, 10_005, found)
    assert draft_page(actor, paper, after=page.after).cards[0].draft.pk > page.after


def test_the_operator_has_what_people_changed_as_lines_of_json(actor, paper, made):
    drop_drafts(actor=actor, at=NOW, paper=paper, chosen=seen(paper, "持续推进垃圾分类"))
    told = CliRunner().invoke(zijing, ["read", "--kept", "--office", "410181005000"])
    assert (told.exit_code, json.loads(told.output)["state"]) == (0, "dropped")


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("新增停车泊位300余个。", "ge"), ("新增停车泊位约300个。", ""), ("新增停车泊位近300个。", ""), ("新增停车泊位300个。", ""),
        ("新增停车泊位200-300个。", "ge"), ("新增停车泊位300个以上。", "ge"), ("空置率控制在5%以内。", "le"), ("财政收入增长8%左右。", "ge"),
    ],
)  # fmt: skip
def test_a_bound_is_kept_as_the_sentence_says_it_and_about_is_never_exactly(made, actor, text, bound):
    paper = keep_paper(actor=actor, at=NOW, title="计划", text=text, client_id=uuid4())
    assert accept(made, actor, paper, seen(paper))[0].bound == bound


def test_the_unit_that_the_text_names_is_offered_and_leads_only_when_asked(made, actor):
    named = made.posts["team"].unit
    text = f"1.新增停车泊位300个\n责任单位：{named.name}\n2.新建公厕2座\n责任单位：无此单位\n"
    paper = keep_paper(actor=actor, at=NOW, title="清单", text=text, client_id=uuid4())
    assert [c.answers for c in draft_page(actor, paper).cards] == [named, None]
    own = made.posts["section"].unit
    assert [c.unit for c in accept(made, actor, paper, seen(paper)[1:], named=True)] == [own]
    assert [c.unit for c in accept(made, actor, paper, seen(paper)[:1], named=True)] == [named]


def test_the_family_of_a_draft_can_be_changed_to_a_known_one(actor, paper):
    draft = paper.drafts.first()
    assert edit_draft(actor=actor, at=NOW, draft=draft, revision=0, values={"family": "culture"}).family == "culture"
    with pytest.raises(Invalid):
        edit_draft(actor=actor, at=NOW, draft=draft, revision=1, values={"family": "nonsense"})


def test_a_long_paper_is_read_by_the_work_process_once(made, actor):
    text = "".join(f"新建第{n}小区充电桩{n}个。\n" for n in range(1, 4001))
    paper = keep_paper(actor=actor, at=NOW, title="长计划", text=text, client_id=uuid4())
    assert (paper.drafts.count(), paper.read_at) == (0, None)
    assert run_due_jobs() == 1
    assert run_due_jobs() == 0
    paper.refresh_from_db()
    assert paper.drafts.count() == 4000
    assert paper.read_at is not None
