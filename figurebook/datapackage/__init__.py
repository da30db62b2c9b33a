"""The data package: tables, descriptor, manifests, seals, and who uses each table."""
