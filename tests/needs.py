"""What a test needs of the machine. Where everything must be there, a missing program is a failure and not a skip."""

import os
import shutil

import pytest

EVERYTHING = "TESTS_NEED_EVERYTHING"
"""Set (to anything) where nothing may be skipped, as on the build server."""


def need_program(*names: str) -> str:
    """The path of the first of these programs that the machine has; without any, the test is skipped, or fails."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        need(False, f"{' or '.join(names)} is not installed")
    assert found is not None
    return found


def need(there: bool, otherwise: str) -> None:
    """Go on if it is there; else skip the test, or fail it where everything must be there."""
    if there:
        return
    if os.environ.get(EVERYTHING):
        pytest.fail(f"{otherwise}, and {EVERYTHING} is set")
    pytest.skip(otherwise)
