"""When Telegram counts as out of reach, and how seldom it is tried then."""

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.circuit import FAILURES_TO_OPEN, FIRST_WAIT_S, LONGEST_WAIT_S, Circuit, backoff_s


@given(st.integers(min_value=1, max_value=10_000), st.floats(min_value=0, max_value=1))
def test_a_wait_is_never_above_the_cap_nor_below_half_the_first(failures: int, chance: float) -> None:
    """However many failures, a wait lies between a quarter of a second and thirty."""
    assert FIRST_WAIT_S / 2 <= backoff_s(failures, lambda: chance) <= LONGEST_WAIT_S


def test_single_failures_open_nothing() -> None:
    """A failure followed by an answer is forgotten."""
    circuit = Circuit()
    for _ in range(10):
        circuit.failed(0.0, probe=False)
        circuit.answered()
    assert not circuit.is_open


def test_a_burst_that_failed_together_counts_once() -> None:
    """Thirty calls that were under way when Telegram went do not push the first probe to the cap."""
    circuit = Circuit(chance=lambda: 1.0)
    for _ in range(30):
        circuit.failed(100.0, probe=False)
    assert circuit.is_open
    assert circuit.probe_at_s == 100.0 + FIRST_WAIT_S


def test_failed_probes_come_slower_and_slower() -> None:
    """Each failed probe doubles the wait for the next."""
    circuit, waits = Circuit(chance=lambda: 1.0), list[float]()
    for _ in range(FAILURES_TO_OPEN):
        circuit.failed(0.0, probe=False)
    for _ in range(9):
        circuit.failed(0.0, probe=True)
        waits.append(circuit.probe_at_s)
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30, 30]


def test_an_answer_ends_an_outage() -> None:
    """Any answer says that Telegram is there, and is told apart from answers in good times."""
    circuit = Circuit()
    for _ in range(FAILURES_TO_OPEN):
        circuit.failed(0.0, probe=False)
    assert circuit.answered()
    assert not circuit.answered()
