"""The PDF edition: one HTML file, printed by a browser."""
