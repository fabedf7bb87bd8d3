"""The terminal itself: what it can show, how output reaches it, and the signals it sends."""
