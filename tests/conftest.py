"""Settings that all tests share."""

from hypothesis import settings

# no test is timed: a slow machine must not fail one
settings.register_profile("gradstep", settings(), deadline=None)
settings.load_profile("gradstep")
