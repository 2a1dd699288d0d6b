"""What others have written, for a person's terminal."""


def printable(text: str) -> str:
    """A line with every character that is none in print replaced: terminals obey some of them."""
    # Most lines are whole, though with tabs: to look at each character takes as long as to plan.
    if text.replace("\t", "").isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\t" else "?" for char in text)
