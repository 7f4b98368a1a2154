"""What partners read: numbered documents, and the HTTP API over them. Knows nothing of the editors' side."""
