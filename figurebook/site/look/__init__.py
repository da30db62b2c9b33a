"""The look of the site: charts, formulas, contents, style sheets and scripts."""
