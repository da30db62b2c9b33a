"""Chinese search by pairs of characters, for the page and the query alike.

Sphinx indexes no Chinese body text without a segmenter, and with one it misses every compound that
the segmenter does not know. Pairs find any word of any length; single characters are indexed too.
"""

from __future__ import annotations

import re

from sphinx.search import languages
from sphinx.search.zh import SearchChinese

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(f"[{_HAN}]+")


class ChinesePairs(SearchChinese):
    """Splits a run of Chinese characters into the characters and the pairs of neighbours."""

    js_splitter_code = """
function splitQuery(query) {
  const terms = [];
  for (const run of query.match(/[%(han)s]+|[A-Za-z0-9_]+/g) || []) {
    if (/^[A-Za-z0-9_]/.test(run) || run.length === 1) terms.push(run);
    else for (let i = 0; i + 1 < run.length; i++) terms.push(run.slice(i, i + 2));
  }
  return terms;
}
""" % {"han": "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff"}

    def split(self, text: str) -> list[str]:
        terms = []
        for run in _RUN.findall(text):
            terms += [*run, *(run[i:i + 2] for i in range(len(run) - 1))]
        latin = self.latin1_letters.findall(text)
        self.latin_terms.extend(latin)
        return terms + latin

    def word_filter(self, term: str) -> bool:
        return len(term) > 1 or bool(_RUN.match(term))


def setup(app):
    languages["zh"] = ChinesePairs
    return {"parallel_read_safe": True, "parallel_write_safe": True}
