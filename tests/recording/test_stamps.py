"""The time of an exchange is what `datetime` tells of that moment, though it is put together by hand."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from harness.recording.exchange import now, stamp

SECOND = 10**9
MIDNIGHT = 1_798_761_600 * SECOND  # 2027-01-01T00:00:00Z
LEAP_SECOND = 1_483_228_800 * SECOND  # the second before this one, 2016-12-31T23:59:60Z, POSIX time does not have
LEAP_DAY = 1_835_395_200 * SECOND  # 2028-02-29T00:00:00Z


@given(st.integers(0, 4_102_444_800 * SECOND), st.integers(0, 3 * SECOND))
@example(MIDNIGHT - 1, 1)
@example(MIDNIGHT, 999_999)
@example(LEAP_SECOND - 1, 1)
@example(LEAP_SECOND - 1_000_000, 999_999)
@example(LEAP_DAY - 1, 1)
@example(LEAP_DAY + 86_400 * SECOND - 1, 1)
@example(0, 999_999)
def test_a_moment_is_written_as_datetime_writes_it(since_1970_ns, later_ns):
    for moment in (since_1970_ns, since_1970_ns + later_ns, since_1970_ns):
        known = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment // 1000)
        assert stamp(moment) == known.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_now_is_now():
    before = datetime.now(UTC)
    told = datetime.fromisoformat(now())
    after = datetime.now(UTC)
    assert before - timedelta(milliseconds=1) < told <= after
    assert now() <= now()
