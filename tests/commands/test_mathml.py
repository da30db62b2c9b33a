"""Formulas are MathML: nothing is left for a script to do."""

from support.site import sphinx

PAGE = "# 题\n\n行内 {math}`q_k` 公式\n\n```{math}\np = \\frac{a}{b}\n```\n"


def test_formulas_are_mathml_without_a_script(tmp_path):
    built = sphinx(
        tmp_path, "figurebook.site.look.mathml", config="html_math_renderer = 'mathml'", index=PAGE
    )
    assert (built.returncode, built.warnings) == (0, "")
    page = built.page()
    assert page.count("<math ") == 2
    assert 'display="inline"><mrow><msub><mi>q</mi><mi>k</mi></msub>' in page
    assert "<mfrac>" in page
    assert "mathjax" not in page.lower()
    assert "\\frac" not in page
