"""The number of examples of a property test: as the test asks, or a fifth of it under the profile `quick`.

`make unit` uses `--hypothesis-profile=quick`, so that all unit tests together take less than 20 seconds.
"""

from hypothesis import settings

QUICK = "quick"

_USUAL = settings.get_profile("default").max_examples

# No example has a time limit: a busy machine is no finding.
settings.register_profile("default", deadline=None)
settings.register_profile(QUICK, max_examples=_USUAL // 5, deadline=None)
settings.load_profile("default")


def examples(most: int) -> int:
    """The share of `most` examples that the loaded profile runs."""
    return max(1, most * settings().max_examples // _USUAL)
