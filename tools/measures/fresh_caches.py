"""Plugin of pytest for mutation testing: nothing that an unchanged function computed is remembered.

mutmut runs the tests once and then forks a process for each change, so that the caches of law/ would hold what the
unchanged functions gave. And a function under a cache would seem to be reached by one test alone.
"""

import sys

from mutmut.mutation.trampoline import get_mutant_under_test

_PACKAGES = {"law", "services"}


def pytest_sessionstart() -> None:
    """Forget what earlier tests computed."""
    _forget()


def pytest_runtest_setup() -> None:
    """While it is found out which tests reach which functions, forget before each of them."""
    if get_mutant_under_test() == "stats":
        _forget()


def _forget() -> None:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _PACKAGES:
            for each in list(vars(module).values()):
                if clear := getattr(each, "cache_clear", None):
                    clear()
