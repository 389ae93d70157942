"""The pages of a schedule: what a leader reads, what the project office does, and what they cost."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from tests.factories.calls import let_clock_show
from tests.factories.office import MONDAY, blocker, moment, office, say
from tests.factories.sites import site, stop
from zijing.cases.models import Supervision
from zijing.cases.supervision import supervise
from zijing.projects.actions import lay_out
from zijing.projects.models import Schedule, Work
from zijing.web.projects.gantt import WIDTH, Scale, _months

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    made = office()
    let_clock_show(made, moment(MONDAY))
    return made


@pytest.fixture
def laid(made):
    target = site(made, promised=date(2020, 12, 15))
    stop(made, date(2020, 11, 20), date(2020, 11, 27), "pollution", "重污染应急")
    say(made, target, MONDAY - timedelta(days=14), 20, stage="基础施工")
    blocker(made, target, MONDAY - timedelta(days=5))
    lay_out(actor=made.system, at=moment(MONDAY), project=target)
    return target


@pytest.fixture
def office_client(client, made):
    client.force_login(made.account("project_office"))
    return client


def test_a_leader_reads_what_is_late_and_why(client, made, laid):
    client.force_login(made.account("leader"))
    text = client.get(f"/projects/{laid.pk}/schedule/").content.decode()
    late = Schedule.objects.get(project=laid).late_days
    assert f"晚{late}天" in text
    assert "受阻原因" in text and "施工进度慢于编排" in text
    assert "重污染应急" in text
    assert "按期完成的可能性" in text
    assert "停水" in text and "推迟完工5天" in text and "已5天" in text
    assert "难按期 1%" in text
    assert text.count("gantt-planned") == text.count("gantt-done") == 2 * (3 + 4) + 4


def test_a_list_is_proposed_to_whom_may_put_on_it_until_it_stands_there(client, made, laid):
    page, link = f"/projects/{laid.pk}/schedule/", f'href="/projects/{laid.pk}/#supervision"'
    for role, offered in (("project_office", False), ("leader", True)):
        client.force_login(made.account(role))
        assert (link in client.get(page).content.decode()) == offered
    assert not Supervision.objects.exists()
    supervise(
        actor=made.actor("leader"), at=moment(MONDAY), subject=laid.entry, level="office", reason="停水",
        until=MONDAY + timedelta(days=7),
    )  # fmt: skip
    assert link not in client.get(page).content.decode()


@pytest.mark.parametrize("page", ["/projects/", "/board/", "/projects/{pk}/"])
def test_the_chance_stands_with_its_reason_wherever_the_project_does(client, made, laid, page):
    client.force_login(made.account("leader"))
    text = client.get(page.format(pk=laid.pk)).content.decode()
    assert text.count('<details class="odds">') == 1
    assert "准时：难按期 1%" in text
    assert "重污染应急" in text


def test_a_project_that_is_not_laid_out_offers_to_be(office_client, made):
    target = site(made)
    assert "按模板编排" in office_client.get(f"/projects/{target.pk}/schedule/").content.decode()
    answer = office_client.post(f"/projects/{target.pk}/schedule/", {"do": "lay_out"}, follow=True)
    assert "已编排24道工序" in answer.content.decode()


def test_a_work_is_changed_and_two_at_once_are_told(office_client, laid):
    work = Work.objects.get(project=laid, key="X01-B01/structure")
    after = list(work.waits_for.values_list("after", flat=True))
    form = {"days": "80", "not_before": "2020-10-01", "after": after, "seen": work.version}
    assert office_client.get(f"/works/{work.pk}/").status_code == 200
    assert office_client.post(f"/works/{work.pk}/", form).status_code == 302
    work.refresh_from_db()
    assert (work.days, work.not_before) == (80, date(2020, 10, 1))
    assert work.start >= date(2020, 10, 1)
    assert list(work.waits_for.values_list("after", "lag")) == [(after[0], 5)]
    refused = office_client.post(f"/works/{work.pk}/", form | {"days": "90"})
    assert refused.status_code == 422 and "刚被他人修改" in refused.content.decode()


@pytest.mark.parametrize("form", [{"days": "many"}, {"days": "-3"}, {"days": "5", "not_before": "soon"}])
def test_what_cannot_be_is_said_at_the_form(office_client, laid, form):
    work = Work.objects.filter(project=laid).first()
    answer = office_client.post(f"/works/{work.pk}/", form | {"seen": work.version})
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()


def test_the_page_takes_as_many_queries_for_one_building_as_for_three(client, made, django_assert_num_queries):
    client.force_login(made.account("leader"))
    pages = []
    for code, buildings in (("X01", 1), ("X03", 3)):
        target = site(made, code, buildings=buildings)
        lay_out(actor=made.system, at=moment(MONDAY), project=target)
        pages.append(f"/projects/{target.pk}/schedule/")
    client.get(pages[0])
    for page in pages:
        with django_assert_num_queries(9):
            client.get(page)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("months", range(1, 49))
def test_no_name_of_a_month_runs_into_the_next_or_off_the_chart(language, months):
    first = date(2019, 9, 1)
    with override(language):
        boxes = [b for b in _months(Scale(first, first + timedelta(days=30 * months))) if b.title]
    ends = [b.x + sum(12 if ord(c) > 255 else 7 for c in b.title) for b in boxes]
    assert all(end <= edge for end, edge in zip(ends, [*(b.x for b in boxes[1:]), WIDTH], strict=True))
