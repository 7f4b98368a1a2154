"""The translation desk: one subject, one language, a row a segment; its saving, checking, submitting and approving."""
