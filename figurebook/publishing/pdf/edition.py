"""Make the whole book as one PDF: build the site, gather its pages, print them."""

from __future__ import annotations

import string
from collections.abc import Callable
from pathlib import Path

from fontTools import subset

from figurebook import project
from figurebook.datapackage.tables import package_name
from figurebook.notebooks.charts import font_file
from figurebook.progress import Progress, silent
from figurebook.publishing import book
from figurebook.publishing.pdf import one_page
from figurebook.publishing.pdf.browser import BrowserError
from figurebook.publishing.pdf.printing import FILLED, PrintError, print_pdf
from figurebook.publishing.safe_write import locked
from figurebook.site.citation import imprint

STYLE = Path(__file__).with_name("paper.css")


def usual_place() -> Path:
    """The default path of the PDF, with the data package's name."""
    return project.root() / "_build" / f"{package_name()}.pdf"


def make(
    out: Path, overlay: Path | None = None, say: Callable[[str], None] = print, progress: Progress = silent
) -> None:
    """Print the book into ``out``; build the site first if its inputs have changed.

    ``overlay`` has an office's tables: a site is built for it and removed afterwards. Raises PublishError
    when it cannot be done. An older PDF then stays.
    """
    with book.in_place(out, say) as target:
        site = target.parent / "site" if overlay else book.place()
        book.publish(overlay, site, say=say, progress=progress)
        try:
            with locked(site, say):  # another build would change the site while it is read
                target.write_bytes(pdf_of(site, target.with_suffix(".html"), say))
        except (one_page.GatherError, PrintError, BrowserError) as error:
            raise book.PublishError(str(error)) from None


def pdf_of(site: Path, page: Path, say: Callable[[str], None] = lambda line: None) -> bytes:
    """The PDF of the book's site; the gathered HTML is written to ``page``."""
    about, made = imprint()
    say("汇集各页…")
    font = page.with_suffix(".ttf")
    text = one_page.gather(site, one_page.reading_order(site), about, [STYLE], font)
    page.write_text(text, encoding="utf-8")
    own_font(text + STYLE.read_text(encoding="utf-8"), font)
    info = {
        "Title": f"{about['title']}：{about['subtitle']}",
        "Author": about["author"],
        "Subject": about["abstract"],
    }
    return print_pdf(page, info, made, say)


def own_font(text: str, path: Path) -> None:
    """Write the book's font to ``path`` with the characters of ``text`` and no others.

    The whole font has one glyph for a radical and for the character of the same shape. Of these two a browser
    writes the lower code into the PDF. A search for the character would then find nothing.
    """
    options = subset.Options()
    font = subset.load_font(str(font_file()), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text + string.printable + FILLED)
    subsetter.subset(font)
    subset.save_font(font, str(path), options)
