from hypothesis import given, settings, strategies as st

from zijing.commitments.reading import read

WORDS = st.sampled_from(
    [
        "新建",
        "完成",
        "3个",
        "2000余亩",
        "、",
        "和",
        "等",
        "项目",
        "8月底",
        "前",
        "，",
        "。",
        "；",
        "\n",
        "\t",
        "要",
        "将",
        "确保",
        "“",
        "”",
        "（",
        "）",
        "一、",
        "1.",
        "各村",
        "每周",
        "一次",
        "责任单位：",
        "2024年",
        "三分之一",
        "%",
        "以上",
        "按照",
        "对",
        "的",
        "已",
        "了",
        "街道",
        "\r\n",
        "①",
        "〇",
        "九",
    ]
)
PLANS = st.lists(WORDS, max_size=60).map("".join)


def check(text):
    for one in read(text, year=2024):
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip()
        plain = one.as_json()
        assert list(plain)[:3] == ["start", "end", "title"]
        assert one.title
        assert one.bound in {"", "ge", "gt", "le", "lt", "range", "about"}


@settings(max_examples=300, deadline=None)
@given(PLANS)
def test_whatever_plan_is_read_offsets_point_into_it(text):
    check(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_unicode_text_is_read(text):
    check(text)


@settings(max_examples=50, deadline=None)
@given(st.lists(PLANS, max_size=8).map("\n".join))
def test_reading_twice_gives_the_same(text):
    assert read(text) == read(text)


def test_a_megabyte_is_read():
    """Runs long, or never ends, when the time does not grow with the length."""
    sentence = "年底前完成东湖学校、北苑小区和南苑小区改造，新增泊位300个。"
    text = (sentence * 12 + "\n") * 1000
    assert len(text.encode()) > 10**6
    assert len(read(text, year=2024)) == 4 * 12 * 1000


def test_a_megabyte_without_any_stop_is_read():
    assert isinstance(read("新建停车泊位、" * 50_000), list)
    assert isinstance(read("（" * 350_000), list)
    assert isinstance(read("1" * 10**6), list)
