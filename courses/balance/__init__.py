"""The balance of a course: weighed once, shown, explained, compared and stored everywhere from the same sums."""

from courses.balance.explaining import (
    RULES_OF_COUNTING,
    ComparedRow,
    Explanation,
    ExplanationRow,
    compare,
    explain,
)
from courses.balance.loads import FORM, Loads, OutdatedLoads, WeekLoads, loads, loads_of
from courses.balance.weighing import (
    DIMENSIONS,
    Balance,
    Cell,
    CreditLoad,
    Dimension,
    LoadVerdict,
    Part,
    Slice,
    UnknownSlice,
    WeekBalance,
    weigh,
)

__all__ = [
    "DIMENSIONS",
    "FORM",
    "RULES_OF_COUNTING",
    "Balance",
    "Cell",
    "ComparedRow",
    "CreditLoad",
    "Dimension",
    "Explanation",
    "ExplanationRow",
    "LoadVerdict",
    "Loads",
    "OutdatedLoads",
    "Part",
    "Slice",
    "UnknownSlice",
    "WeekBalance",
    "WeekLoads",
    "compare",
    "explain",
    "loads",
    "loads_of",
    "weigh",
]
