"""The site's search: the text of each page and the index of all."""
