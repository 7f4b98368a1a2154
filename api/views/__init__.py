"""The views: parse, one read, respond. They send documents, and know nothing of how these came to be."""
