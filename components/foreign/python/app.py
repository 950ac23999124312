"""How alike texts are. A component as Python people write them: their own WIT and the standard library."""

import difflib

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports import similarity
from wit_world.exports.similarity import Candidate, Change, Edit, Problem_BadCutoff, Problem_TooLong

LONGEST = 10_000


def matcher(first: str, second: str) -> difflib.SequenceMatcher:
    longest = max(len(first), len(second))
    if longest > LONGEST:
        raise Err(Problem_TooLong(longest))
    return difflib.SequenceMatcher(None, first, second, autojunk=False)


class Similarity(exports.Similarity):
    def ratio(self, first: str, second: str) -> float:
        return round(matcher(first, second).ratio(), 6)

    def closest(self, text: str, candidates: list[str], count: int, cutoff: float) -> list[Candidate]:
        if not 0.0 <= cutoff <= 1.0:
            raise Err(Problem_BadCutoff(cutoff))
        scored = [Candidate(candidate, self.ratio(text, candidate)) for candidate in candidates]
        good = [candidate for candidate in scored if candidate.score >= cutoff]
        return sorted(good, key=lambda candidate: -candidate.score)[:count]

    def edits(self, before: str, after: str) -> list[Edit]:
        codes = matcher(before, after).get_opcodes()
        return [Edit(Change[tag.upper()], before[a:b], after[c:d]) for tag, a, b, c, d in codes]

    def unified(self, before: str, after: str, name: str | None) -> str:
        name = name or "text"
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), f"before/{name}", f"after/{name}", lineterm="")
        return "\n".join(lines)
