"""Times as cron has them, which are none of systemd's."""

import re

FIELDS = 5
DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
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
    minute, hour = (_number(text, first=0) for text in fields[:2])
    day, month = (_number(text, first=1) for text in fields[2:4])
    week = _week(fields[4])
    # With a day of both kinds cron means either of them, and systemd both.
    if not (minute and hour and day and month) or week is None or (week and day != "*"):
        return ""
    return f"{week} *-{month}-{day} {hour}:{minute}:00".strip()


def _number(text: str, first: int) -> str:
    if found := re.fullmatch(r"\*/(\d+)", text):
        return f"{first}/{found[1]}"
    if not _NUMBERS.fullmatch(text):
        return text if text == "*" else ""
    return re.sub(r"\d+", lambda found: found[0].zfill(2), text).replace("-", "..")


def _week(text: str) -> str | None:
    """The days of the week; empty for all of them, None when they are not plain."""
    if text == "*":
        return ""
    if re.fullmatch(r"[0-7](-[0-7])?(,[0-7](-[0-7])?)*", text):
        text = re.sub(r"\d", lambda found: DAYS[int(found[0])], text)
    return text.replace("-", "..") if set(re.split("[,-]", text)) <= {*DAYS} else None
