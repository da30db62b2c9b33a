"""Check an office's tables: cells, keys, agreements and magnitudes."""
