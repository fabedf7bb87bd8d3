"""Questions and messages in front of another screen."""
