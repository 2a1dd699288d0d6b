"""Times as cron has them, which are none of systemd's."""

import re

FIELDS = 5
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAYS = {str(number): number for number in range(8)}
_DAYS |= {day.lower(): (number + 1) % 7 for number, day in enumerate(DAYS)}
SPANS = ((0, 59), (0, 23), (1, 31), (1, 12))
"""Of minutes, hours, days and months."""
WORDS = {f"@{word}": word for word in ("hourly", "daily", "weekly", "monthly", "yearly")}
WORDS |= {"@midnight": "daily", "@annually": "yearly"}
_NUMBERS = re.compile(r"\d+(-\d+)?(,\d+(-\d+)?)*")


def is_cron(when: str) -> bool:
    """Whether a text has the five fields of cron's, or one of its words."""
    fields = when.split()
    is_word = re.fullmatch(r"@[a-z]+", when.strip()) is not None
    return is_word or (len(fields) == FIELDS and all(map(_is_field, fields)))


def _is_field(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9*,/-]+", text) is not None


def as_systemd(when: str) -> str:
    """The same as systemd's OnCalendar; empty where that is not one of the plain cases."""
    fields = when.split()
    if len(fields) != FIELDS:
        return WORDS.get(when.strip(), "")
    minute, hour, day, month = map(_numbers, fields, SPANS)
    week = _week(fields[4])
    # With a day of both kinds cron means either of them, and systemd both.
    if not (minute and hour and day and month) or week is None or (week and day != "*"):
        return ""
    return f"{week} *-{month}-{day} {hour}:{minute}:00".strip()


def _numbers(text: str, span: tuple[int, int]) -> str:
    """A field that is neither of the two kinds of day's; empty when it is not plain."""
    first, last = span
    if text == "*":
        return text
    if step := re.fullmatch(r"\*/(\d+)", text):
        return f"{first}/{step[1]}" if 0 < int(step[1]) <= last else ""
    if not _NUMBERS.fullmatch(text):
        return ""
    parts = [[int(number) for number in part.split("-")] for part in text.split(",")]
    if any(part != sorted(part) or part[0] < first or part[-1] > last for part in parts):
        return ""
    return ",".join("..".join(f"{number:02}" for number in part) for part in parts)


def _week(text: str) -> str | None:
    """The days of the week; empty for all of them, None when they are not plain.

    To cron Sunday is 0 and 7; systemd's week begins with Monday, and its ranges cannot wrap past
    Sunday.
    """
    if text == "*":
        return ""
    found = set[int]()  # of days from Monday on
    for part in text.split(","):
        days = [_DAYS.get(day.lower(), -1) for day in part.split("-")]
        if len(days) > 2 or min(days) < 0 or days != sorted(days):
            return None
        found |= {(day - 1) % 7 for day in range(days[0], days[-1] + 1)}
    first, last = min(found), max(found)
    if len(found) == 7:
        return ""
    if len(found) == last - first + 1 > 2:
        return f"{DAYS[first]}..{DAYS[last]}"
    return ",".join(DAYS[day] for day in sorted(found))
