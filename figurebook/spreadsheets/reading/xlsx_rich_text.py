"""Join a cell's rich-text runs; report superscripts and struck-out text.

A run may be raised, lowered or struck through. Then a reader sees something else than the letters in a row.
2 and a raised 1 are no 21, and what is struck is not meant.
"""

from __future__ import annotations

KEEP = "请在这一格只留要登记的内容。"
MIXED = f"这一格里有上标或下标，连起来读就不是原来的意思。{KEEP}"
STRUCK = f"这一格里有划掉的字，连起来读就不是原来的意思。{KEEP}"


class Runs:
    """Take the events inside one ``<si>`` or ``<is>``.

    Then ``fault`` says what is wrong, if anything. Readings (phonetic runs) are left out. Runs that are all
    raised alike read as they look.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin a new cell."""
        self._texts: list[str] = []
        self._aligned: set[str] = set()
        self._align = ""
        self._is_struck = self._any_struck = self._phonetic = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if tag == "r":
            self._align, self._is_struck = "", False
        elif tag == "vertAlign":
            self._align = attributes.get("val", "").replace("baseline", "")
        elif tag == "strike":
            self._is_struck = attributes.get("val", "1") not in {"0", "false"}
        elif tag == "rPh":
            self._phonetic = True

    def end(self, tag: str, pieces: list[str]) -> None:
        """Take the end of an element; ``pieces`` is the text in it."""
        if tag == "t" and not self._phonetic:
            text = "".join(pieces)
            self._texts.append(text)
            if text and not text.isspace():
                self._aligned.add(self._align)
                self._any_struck |= self._is_struck
        elif tag == "rPh":
            self._phonetic = False

    @property
    def text(self) -> str:
        """The text of the cell as it stands in the XML."""
        return "".join(self._texts)

    @property
    def fault(self) -> str | None:
        """The reason why the text is not what it looks like, and what to do."""
        if self._any_struck:
            return STRUCK
        return MIXED if len(self._aligned) > 1 else None
