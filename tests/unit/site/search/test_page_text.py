"""The text of a page by section: what it says, where it says it, and nothing that no one sees."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figurebook.site.search.page_text import plain, read

PAGE = """<!DOCTYPE html><html><head><title>Not this</title>
<script>let a = "<article class='bd-article'>";</script></head><body><nav>menu</nav>
<article class="bd-article wide">{}</article><footer>foot</footer></body></html>"""


def sections(markup: str) -> list[tuple[str, str, str]]:
    """Anchor, heading and text of each section of an article."""
    return [(s.anchor, s.heading, s.text) for s in read(PAGE.format(markup)).sections]


def text(markup: str) -> str:
    """All the text of an article, headings left out."""
    return "\n".join(body for _, _, body in sections(markup) if body)


def test_sections_have_their_headings_and_their_own_text():
    page = read(
        PAGE.format("""
      <p>Before.</p>
      <section id="id1"><h1>书名<a class="headerlink" href="#id1">#</a></h1><p>一</p>
        <section id="a"><h2>第一<em>节</em></h2><p>二</p></section>
        <p>三</p>
        <section id="b"><h2>第二节</h2><section id="c"><h3>小节</h3><p>四</p></section></section>
      </section><p>After.</p>""")
    )
    assert page.title == "书名"
    assert [(s.anchor, s.heading, s.text) for s in page.sections] == [
        ("", "", "Before.\nAfter."),
        ("", "书名", "一\n三"),
        ("a", "第一节", "二"),
        ("b", "第二节", ""),
        ("c", "小节", "四"),
    ]


def test_rubrics_and_headings_that_can_be_linked_to_begin_a_section():
    assert sections("""<section id="s"><h1>Title</h1><p>intro</p>
      <p class="rubric" id="fig-a">甲 1 个</p><table><tr><td>x</td></tr></table>
      <p class="rubric" id="fig-b">乙</p><p>y</p></section>
      <h2 id="free">丙</h2><p>z</p><h3>no anchor</h3><p class="rubric">nor here</p>""") == [
        ("", "Title", "intro"),
        ("fig-a", "甲 1 个", "x"),
        ("fig-b", "乙", "y"),
        ("free", "丙", "z\nno anchor\nnor here"),
    ]


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        ("<p>一<b>二</b><code><span>三</span></code></p>", "一二三"),  # words within a line are one
        ("<table><tr><td>一</td><td>二</td></tr></table>", "一\n二"),  # cells are not
        ("<ul><li>一</li><li>二</li></ul>", "一\n二"),
        ("<p>一<br>二<hr/>三</p>", "一\n二\n三"),
        ("<p> a \n\t b\u00a0c\u3000d </p>", "a b c d"),
        ("<p>贫困\u200b人\u00ad口</p>", "贫困人口"),
        ("<p>e\u0301</p>", "\u00e9"),
        ("<p>1 &lt; 2 &amp;&#97; &unknown;</p>", "1 < 2 &a &unknown;"),
        ("<p>a<img alt='chart' src='x.svg'>b</p>", "ab"),
        ("<details><summary>展开</summary><p>里面</p></details>", "展开\n里面"),
    ],
)
def test_blocks_are_lines(markup, told):
    assert text(markup) == told


@pytest.mark.parametrize(
    "skipped",
    [
        "<script>var a = '<p>b</p>';</script>",
        "<style>p { color: red }</style>",
        "<!-- a remark <p>x</p> -->",
        "<button class='copybtn'>复制</button>",
        "<a class='headerlink' href='#x'>#</a>",
        "<template><p>x</p></template>",
        "<noscript>x</noscript>",
        "<div class='copybtn o'><p>x</p></div>",
        "<svg><title>x</title><path/><text>y</text></svg>",
        "<nav><a href='a.html'>elsewhere</a><p>x</p></nav>",
    ],
)
def test_what_no_reader_sees_and_what_leads_elsewhere_is_left_out(skipped):
    assert text(f"<p>一</p>{skipped}<p>二</p>") == "一\n二"


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        ("<p>一<p>二", "一\n二"),
        ("</section></p><p>一</p>", "一"),
        ("<p>一</b></i>二</p>", "一二"),
        ("<div><p>一</div><p>二</p>", "一\n二"),
        ("<div/>一", "一"),
        ("<p title='</p><script>'>一</p>", "一"),
        ("<b><section id='x'>一</b></section>二", "二\n一"),  # the outer section's text comes with the outer
        ("< p>一", "< p>一"),
        ("<p>一<![CDATA[x]]></p>", "一"),
    ],
)
def test_careless_html_loses_no_text(markup, told):
    assert text(markup) == told


def test_what_stands_outside_the_article_is_no_text():
    page = read(PAGE.format("<p>一</p>"))
    assert [s.text for s in page.sections] == ["一"]
    assert page.title == ""


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<html><body><p>x</p></body></html>",
        "<article class='other'>x</article>",
        "<meta http-equiv='refresh' content='0; url=a.html'>",
    ],
)
def test_a_page_without_an_article_has_no_text(html):
    assert read(html) is None


@given(st.lists(st.text()), st.sampled_from(["p", "td", "li", "div", "pre", "h4", "unknown-element"]))
def test_any_text_comes_back_block_by_block(blocks, tag):
    markup = "".join(f"<{tag}>{escape(block)}</{tag}>" for block in blocks)
    told = [told for block in blocks if (told := plain(block))]
    assert read(f"<article class='bd-article'><h1>t</h1>{markup}</article>").sections[0].blocks == told
