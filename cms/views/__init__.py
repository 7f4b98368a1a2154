"""The screens of the admin that are our own, and the two public pages."""
