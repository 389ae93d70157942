"""Section staff pastes a plan, ticks ten of what it promises, and sees ten commitments in the tree."""

from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Visit

PLAN = """示例街道2020年第四季度工作安排
一、项目建设
1.11月底前完成示例村02安置房主体封顶。
2.新建口袋公园3个。
3.改造老旧小区5个，惠及居民600户。
4.完成城中路、学院路2条道路沥青罩面。
5.完成固定资产投资4亿元。
二、民生服务
1.新增城镇就业不少于200人。
2.建成社区老年食堂2处。
3.12月20日前完成养老保险收缴。
4.每周开展一次消防安全检查。
三、环境治理
1.栽植乔木1200余株。
2.清理卫生死角80处。
3.年底前拆除违章建筑6处。
"""


@PAIRED
def test_ten_of_a_plan_are_accepted_and_stand_in_the_tree(visit: Visit, device: str, language: str) -> None:
    hand = visit("project_office", device, language)
    title = f"第四季度工作安排 {language}"
    hand.go("/plans/read/")
    hand.write("#title", title)
    hand.write("#text", PLAN)
    hand.tap("main form .btn-primary")
    hand.page.wait_for_url("**/plans/read/*/")
    boxes = hand.page.locator("[name=chosen]")
    assert boxes.count() >= 12
    for n in range(10):
        boxes.nth(n).check()
    hand.fits()
    hand.tap("[name=verb][value=accept]")
    expect(hand.page.locator(".notice-success")).to_contain_text("10")
    hand.tap(f"main a:has-text('{title}')")
    expect(hand.page.locator(".plan-tree li")).to_have_count(10)


def test_all_that_is_firm_is_chosen_by_a_link_without_scripts(visit: Visit) -> None:
    hand = visit("project_office", "desktop", "zh", scripts=False)
    hand.go("/plans/read/")
    hand.write("#title", "不用脚本")
    hand.write("#text", PLAN)
    hand.tap("main form .btn-primary")
    hand.tap("a[href='?choose=firm']")
    chosen = hand.page.locator("[name=chosen]:checked").count()
    assert 10 <= chosen <= hand.page.locator("[name=chosen]").count()
    hand.tap("a[href='?']")
    expect(hand.page.locator("[name=chosen]:checked")).to_have_count(0)
