"""One clause: is it a commitment, and which. Rules go from the plainest form to the loosest."""

import re
from dataclasses import dataclass, field

from zijing.commitments.reading.heads import PURPOSE, Head
from zijing.commitments.reading.lists import Item, items_of, places_in
from zijing.commitments.reading.numbers import main_quantity, quantities
from zijing.commitments.reading.shapes import (
    BENEFIT,
    DAYS,
    DESCRIBES,
    EFFECT,
    EMPTY,
    FOR,
    FROM_SIDES,
    GOES_BY,
    GROWS,
    IS,
    MEASURED,
    PREPOSITION,
    REACHED,
    REACHING,
    RHYTHMIC,
    SERVES,
    SOURCES,
    STAGE,
    STAGED,
    STATES,
    STRICTLY,
    SUBJECT,
    VACUOUS,
)
from zijing.commitments.reading.verbs import inner_verb, last_act, past_adverbs, verb_at
from zijing.commitments.reading.words import (
    ACTS,
    ADVERB,
    MEANS_END,
    MEANS_HEAD,
    RESULTS,
    SLOGAN,
    tokens,
)

SIMPLY_REACHED = re.compile(
    rf"(?:力争|全面|全部|如期|按期|基本|顺利|主体|基础|装修|正式|实现|具备)*(?:{STATES})(?:建设|使用|运营|条件|见效)?$"
)
"""竣工, 主体封顶: of the thing that was named before."""
CALLS_ON = {"组织", "动员", "发动", "引导", "督促", "鼓励", "号召"}
BASED = re.compile(r"在[^，]{2,40}?(?:基础上|前提下|过程中|的同时)")
"""在…的基础上 before what is done, in one clause."""
SUMS_UP = re.compile(r"的[^，、]{1,12}共(?:计|有)?\d+(?:个|家|处|户|条|名|人)$")
"""采用甲模式的村庄共16个: how many there are."""
WITHIN = re.compile(r"^(?:辖区|境|全[镇乡街区市县]|我[镇办街])内?(?=[\d一二两三四五六七八九十所])")


@dataclass
class Finding:
    """What a clause promises: ``form`` (verb, stage, figure), the thing, and the members if it is a list of things."""

    form: str
    start: int
    end: int
    object: str = ""
    items: list[Item] = field(default_factory=list)
    verb: str = ""
    outcome: bool = False
    reasons: list[str] = field(default_factory=list)


def analyse(text: str, head: Head, *, opening: bool, loose: bool) -> Finding | None:
    """The promise in a clause whose head has been passed; None when there is none.

    ``opening``: nothing was promised before it in its sentence. ``loose``: a line of a list of tasks.
    """
    core = text[head.core :]
    if head.due and not head.due.by_year and SIMPLY_REACHED.match(core):
        return Finding("stage", head.core, len(text))
    if len(core) < 4 or _is_slogan(core) or _tells(core):
        return None
    if STRICTLY.match(core):
        return _by_means(text, head.core)
    found = next((f for way in WAYS if (f := way(text, head.core))), None)
    if found is None:
        return Finding("verb", head.core, len(text), core) if loose and not MEANS_HEAD.match(core) else None
    counts = main_quantity(core) is not None
    if _is_purpose(core, found, head, counts=counts, opening=opening):
        found.outcome = True
    promised = counts or head.due or loose or (opening and head.assured not in PURPOSE)
    return found if promised or not found.outcome else Finding("outcome", found.start, found.end)


def _is_purpose(core: str, found: Finding, head: Head, *, counts: bool, opening: bool) -> bool:
    """确保…, or what it is good for, without a number, a day or a stage."""
    if counts or head.due:
        return False
    if head.assured in PURPOSE:
        return not (found.form == "stage" and (found.items or opening))
    return bool(EFFECT.search(core)) and not opening


def _is_slogan(core: str) -> bool:
    return bool(SLOGAN.search(core)) and not quantities(core)


def _tells(core: str) -> bool:
    """What something is, or by what it goes: no act of its own."""
    described = DESCRIBES.match(core)
    if described and _only_describes(core):
        return True
    if SUMS_UP.search(core) or BENEFIT.match(core) or (EMPTY.search(core) and not quantities(core)):
        return True
    return bool(IS.search(core)) or (bool(MEANS_END.search(core)) and bool(GOES_BY.search(core)))


def _only_describes(core: str) -> bool:
    """The description ends with its number, or says where something lies; what goes on tells of an act."""
    found = quantities(core)
    return found[-1].end + 3 >= len(core) if found else bool(re.search("位于|坐落|地处", core))


def _acting(text: str, at: int) -> Finding | None:
    """An adverb or none, a verb, and what it is done to."""
    begin = past_adverbs(text, at)
    verb = verb_at(text[begin:])
    if not verb:
        return None
    rest = _past_verbs(text, begin + len(verb))
    thing = text[rest:]
    found = Finding("verb", at, len(text), text[begin:rest], [], verb, _is_outcome(verb, text[at:begin]))
    if len(thing) < 2:
        return found if len(text) - at >= 4 else None
    q = main_quantity(thing)
    if q and RHYTHMIC.search(text[at:begin]) and (q.start, q.end) == (0, len(thing)):
        return found
    if REACHED.fullmatch(thing):
        return Finding("stage", at, len(text), "", [], verb)
    if VACUOUS.search(thing) and not quantities(thing):
        return None
    found.object, found.items = _object(thing), items_of(thing, rest)
    if verb in CALLS_ON and inner_verb(text, rest):
        found.items = []
    found.form = "stage" if _completes(verb, thing) else "verb"
    return found


def _past_verbs(text: str, rest: int) -> int:
    """Past 好 and 了, and past further verbs side by side: 挖掘发展, 服务加快."""
    if text.startswith(("好", "了", "到"), rest) and len(text) > rest + 2:
        rest += 1
    for _turn in range(2):
        further = verb_at(text[rest:])
        after = rest + len(further)
        if len(further) < 2 or len(text) - after < 2 or text[after] == "的" or items_of(text[rest:]):
            break
        rest = after
    return rest


def _is_outcome(verb: str, adverbs: str) -> bool:
    """提升, 改善: what for. 不断优化 likewise, 优化 alone is an act."""
    if verb in {"优化", "强化", "扩大", "完善"}:
        return any(word in adverbs for word in GROWS)
    return verb in RESULTS and verb not in {"推动", "形成", "降低", "减少", "维护"}


def _completes(verb: str, thing: str) -> bool:
    """Verbs that name a state which is reached, of a thing that is named."""
    return verb in {"完成", "建成", "竣工", "开工", "交付", "办结", "建好"} and len(thing) >= 3


def _object(thing: str) -> str:
    """The thing without what is said about the work: 工作, 力度, a count before it."""
    thing = re.sub(r"^(?:了|好)", "", thing)
    found = quantities(thing)
    if found and found[0].start == 0:
        thing = thing[found[0].end :]
    elif found and found[-1].end == len(thing):
        thing = thing[: found[-1].start]
    thing = re.sub(r"^(?:一批|一系列|一些|各类|各项)", "", thing)
    return re.sub(r"(?:等)?(?:各项)?(?:相关)?工作$|(?:的)?力度$|步伐$", "", thing)[:60] or thing[:60]


def _listed_acts(text: str, at: int) -> Finding | None:
    """排查隐患、建立台账、挂牌督办: several acts side by side, each its own."""
    core = text[at:]
    if "、" not in core:
        return None
    edges, begin = [], at
    for part in core.split("、"):
        edges.append((begin, begin + len(part)))
        begin += len(part) + 1
    acts = [bool(verb_at(text[a:b])) and b - a >= 4 for a, b in edges]
    short = all(3 <= b - a <= 6 for a, b in edges)
    if len(edges) >= 3 and short and sum(acts) * 2 >= len(edges) and acts[0]:
        return Finding("verb", at, len(text), core, [Item(a, b, text[a:b], own=True) for a, b in edges])
    if all(acts) and all(b - a >= 6 for a, b in edges):
        return Finding("verb", at, len(text), core, [Item(a, b, text[a:b], own=True) for a, b in edges])
    return None


def _subject(text: str, at: int) -> Finding | None:
    """A and B 要 be finished: the things come first."""
    m = SUBJECT.match(text[at:])
    if not m or verb_at(m["np"]) or MEANS_HEAD.match(m["np"]):
        return None
    if not (
        verb_at(m["vp"])
        or ADVERB.match(m["vp"])
        or STAGED.match("它们" + m["vp"])
        or quantities(m["vp"])
        or m["vp"][0] in "在对把按高低优快"
    ):
        return None
    reached = bool(re.search(STAGE, m["vp"]))
    np = DAYS.sub("", m["np"]) or m["np"]
    items = items_of(np, at, names=True)
    name = np if items else _name_of(np)
    done = reached or (bool(items) and bool(re.search(r"完成|做好.*准备|启动", m["vp"])))
    return Finding("stage" if done else "verb", at, len(text), name or m["np"], items, m["vp"])


def _prepositional(text: str, at: int) -> Finding | None:
    """对…开展…, 在…建设…, 把…纳入…: the verb comes later."""
    begin = past_adverbs(text, at)
    m = PREPOSITION.match(text, begin)
    if not m or text[begin:].endswith(("基础上", "方面", "下", "中", "上", "时", "前", "后", "来看", "来说")):
        return None
    if based := BASED.match(text, begin):
        return _acting_on(text, at, past_adverbs(text, based.end()))
    if m[0] == "为" and (not SERVES.search(text, begin) or FOR.search(text)):
        return None
    at_verb = inner_verb(text, m.end(), last=True)
    if at_verb is None:
        return None
    verb = verb_at(text[at_verb:]) or text[at_verb:]
    if m[0] in {"与", "同"} and at_verb + len(verb) == len(text):
        return None
    thing = text[m.end() : at_verb] if m[0] in {"对", "将", "把"} else text[at_verb + len(verb) :]
    thing = thing or text[m.end() : at_verb]
    if m[0] == "对":
        items = _two_acts(text, at_verb + len(verb))
    else:
        items = (places_in(text, m.end(), at_verb) if m[0] == "在" else []) or items_of(thing, text.index(thing, begin))
    return Finding("verb", at, len(text), _object(thing), items, verb, verb in RESULTS - {"推动", "形成"})


def _acting_on(text: str, at: int, begin: int) -> Finding | None:
    """A verb at ``begin`` and its thing, of a clause that starts at ``at``."""
    verb = verb_at(text[begin:])
    thing = text[begin + len(verb) :]
    return Finding("verb", at, len(text), _object(thing), items_of(thing, begin + len(verb)), verb) if verb else None


def _two_acts(text: str, at: int) -> list[Item]:
    """对…进行安全培训和消防演练: two acts on the same."""
    m = re.fullmatch(r"([\u4e00-\u9fff]{4,8})[和及与]([\u4e00-\u9fff]{4,8})", text[at:])
    if not m or not all(tokens(part)[-1][1].startswith("v") for part in m.groups()):
        return []
    return [Item(at, at + m.end(1), m[1]), Item(at + m.start(2), len(text), m[2])]


def _by_means(text: str, at: int) -> Finding | None:
    """通过…开展…, 利用…发展…: means with the act in the same clause."""
    begin = at if MEANS_HEAD.match(text, at) else past_adverbs(text, at)
    m = MEANS_HEAD.match(text, begin)
    if not m or MEANS_END.search(text) or re.match(r"以.{1,40}为", text[begin:]):
        return None
    if m[0] in {"通过", "围绕", "坚持"} and (verb := verb_at(text[m.end() :])) and len(text) - m.end() - len(verb) >= 2:
        thing = text[m.end() + len(verb) :]
        return Finding("verb", m.end(), len(text), _object(thing), items_of(thing, m.end() + len(verb)), verb)
    q = main_quantity(text[m.end() :]) if m[0] in {"围绕", "聚焦", "突出"} else None
    at_verb = last_act(text, m.end(), m.end() + q.start) if q else None
    at_verb = inner_verb(text, m.end()) if m[0] in SOURCES else at_verb
    if at_verb is None:
        return None
    verb = verb_at(text[at_verb:])
    thing = text[at_verb + len(verb) :]
    return (
        Finding("verb", at, len(text), _object(thing), items_of(thing, at_verb + len(verb)), verb, verb in RESULTS)
        if verb and len(thing) >= 2
        else None
    )


def _sided(text: str, at: int) -> Finding | None:
    """从A、B和C等方面着手: each side is a task."""
    begin = past_adverbs(text, at)
    m = FROM_SIDES.match(text[begin:])
    which = "list" if m and m["list"] else "sides"
    items = items_of(m[which], begin + m.start(which), names=True) if m else []
    return Finding("verb", at, len(text), text[at:], items) if len(items) > 1 else None


def _measured(text: str, at: int) -> Finding | None:
    """An indicator, a word of measure, a number: 零售额增速27%."""
    q = main_quantity(text[at:])
    if q is None:
        return None
    if q.unit == "百分点" and q.bound == "gt" and q.value == 0:
        return Finding("figure", at, len(text), text[at : at + q.start])
    reaching = REACHING.match(text, at + q.start)
    before = text[at : reaching.end() if reaching else at + q.start]
    m = MEASURED.search(text[at : at + q.start]) or MEASURED.search(before.rstrip("在到至约近"))
    if not m or m.start() < 2:
        return None
    name = text[at : at + m.start()]
    if base := re.search(r"现有([^\d，]{2,16}?)\d+", name):
        name = base[1]
    return Finding("figure", at, len(text), RHYTHMIC.sub("", name.rstrip("要将不")), [])


def _staged(text: str, at: int) -> Finding | None:
    """Things, perhaps a day, and the stage they reach: …二区8月底交房."""
    core = text[at:]
    m = STAGED.match(core)
    if not m or MEANS_HEAD.match(core) or len(m["np"]) < 2:
        return None
    np = DAYS.sub("", m["np"]) or m["np"]
    items = items_of(np + m["vp"] if "、" in np else np, at, names=True)
    if not items and (tokens(np)[0][1][0] in "dpc" or len(np) < 2):
        return None
    return Finding("stage", at, len(text), np if items else _name_of(np), items)


def _name_of(np: str) -> str:
    """A single thing as it would be named in a list: without the place it lies in."""
    named = items_of(np + "、它们", names=True) if "、" not in np and len(np) > 2 else []
    return named[0].text if named else np


def _counted(text: str, at: int) -> Finding | None:
    """每村2支文艺团队, 各村河长每周巡河一次: a count or a rhythm with what is done."""
    core = text[at:]
    if not RHYTHMIC.search(core) or not (quantities(core) or any(t.startswith("v") for _w, t in tokens(core))):
        return None
    return Finding("verb", at, len(text), _object(RHYTHMIC.sub("", core)))


def _assured(text: str, at: int) -> Finding | None:
    """A number of things, or all of them, and what becomes of them: 所有…实现脱贫, 3个项目…推进, …为零."""
    core = WITHIN.sub("", text[at:])
    at = len(text) - len(core)
    q = main_quantity(core)
    if q is None or MEANS_HEAD.match(core) or not (q.start <= 1 or q.end == len(core)):
        return None
    verb = inner_verb(text, at + max(2, q.end if q.start <= 1 else 2), last=True)
    if verb is None and q.end != len(core):
        return None
    thing = text[at:verb] if verb else core[: q.start]
    return Finding("verb", at, len(text), _object(ADVERB.sub("", thing)) or thing, [])


def _equipped(text: str, at: int) -> Finding | None:
    """乡镇至少配备2辆车: somebody, or each of them, an act, and a number."""
    q = main_quantity(text[at:])
    verb = inner_verb(text, at) if q else None
    if q is None or verb is None or verb >= at + q.start or MEANS_HEAD.match(text, at):
        return None
    named = verb_at(text[verb:])
    each = re.search(r"至少|[每各均都]|全部|统一|分别|最少", text[at : at + q.start])
    if named not in ACTS or not (each or q.bound == "ge"):
        return None
    return Finding("verb", at, len(text), _object(text[verb + len(named) :]), [], named)


def _loosely(text: str, at: int) -> Finding | None:
    """A verb we have no list for, with enough after it to be done to something."""
    begin = past_adverbs(text, at)
    if MEANS_HEAD.match(text, begin):
        return None
    (word, tag), *rest = tokens(text[begin:]) or (("", ""),)
    if (
        tag not in {"v", "vn"}
        or len(word) < 2
        or len(text) - begin - len(word) < 3
        or not any(t.startswith("n") for _w, t in rest)
    ):
        return None
    if "、" in text[begin:] or len(text) - begin < 6:
        return None
    thing = text[begin + len(word) :]
    return Finding("verb", at, len(text), _object(thing), items_of(thing, begin + len(word)), word, begin == at)


WAYS = (
    _listed_acts,
    _subject,
    _acting,
    _sided,
    _prepositional,
    _by_means,
    _measured,
    _staged,
    _counted,
    _assured,
    _equipped,
    _loosely,
)
"""From the plainest form to the loosest."""
