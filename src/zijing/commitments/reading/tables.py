"""Tables of tasks: a heading row says which column holds the task, who answers, and until when."""

import re
from dataclasses import dataclass

from zijing.commitments.reading.dates import last_day
from zijing.commitments.reading.remarks import UNTIL, WHO, Remark

TASK = re.compile(
    r"(?:工作|目标|重点|主要|具体|年度|整改)*(?:任务|内容|事项|措施|目标|项目名称|项目|举措|清单)(?:及?(?:目标|要求|内容|标准))?"
)


@dataclass(frozen=True)
class Table:
    """Which column is which; -1 when there is none."""

    task: int
    owner: int
    until: int

    @classmethod
    def headed(cls, cells: list[str]) -> "Table | None":
        """The table a row heads, when it names a column of tasks and one more that we know."""
        bare = [re.sub(r"\s", "", c) for c in cells]
        if any(len(c) > 14 for c in bare):
            return None
        owner = next((n for n, c in enumerate(bare) if re.fullmatch(f"(?:{WHO}).{{0,4}}", c)), -1)
        until = next((n for n, c in enumerate(bare) if re.fullmatch(f"(?:{UNTIL}).{{0,4}}", c)), -1)
        tasks = [n for n, c in enumerate(bare) if TASK.fullmatch(c)]
        return cls(tasks[-1], owner, until) if tasks and (owner >= 0 or until >= 0) else None

    def remark(self, cells: list[str], year: int | None) -> Remark:
        """Who answers and until when, of a row."""
        owner = cells[self.owner] if 0 <= self.owner < len(cells) else ""
        until = cells[self.until] if 0 <= self.until < len(cells) else ""
        return Remark(0, owner[:60], last_day(until, year) if until else None)
