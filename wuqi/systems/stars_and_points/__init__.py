"""S18 stars and points: the rules, the points book, its workbook and its report."""
