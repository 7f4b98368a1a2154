"""What people do with the service, done in a real browser against a real server."""
