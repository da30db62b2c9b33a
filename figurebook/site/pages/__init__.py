"""The pages and parts of pages that are made from tables."""
