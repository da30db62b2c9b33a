"""Building the site, checking it, and the editions made from it."""
