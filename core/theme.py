"""From one accent colour to a fill, a dark variant and washes that keep their contrast."""


def stylesheet(accent: str) -> str:
    """CSS variables for both themes: the fill is darkened until white text reads on it at 4.5:1, the dark text
    variant lightened until it reaches 7:1 on the dark canvas."""
    fill = _until(_rgb(accent), (0, 0, 0), lambda c: contrast((255, 255, 255), c) >= 4.5)
    dark = _until(_rgb(accent), (255, 255, 255), lambda c: contrast(c, _rgb("#14161A")) >= 7)
    dark_fill = _until(
        _mix(_rgb(accent), (255, 255, 255), 0.14), (0, 0, 0), lambda c: contrast((255, 255, 255), c) >= 4.5
    )
    wash, dark_wash = _mix(fill, (255, 255, 255), 0.92), _mix(fill, _rgb("#14161A"), 0.78)
    return (
        ":root{"
        f"--prm-accent:light-dark({_hex(fill)},{_hex(dark)});"
        f"--prm-accent-fill:light-dark({_hex(fill)},{_hex(dark_fill)});"
        f"--prm-accent-wash:light-dark({_hex(wash)},{_hex(dark_wash)});"
        "}\n"
    )


Colour = tuple[int, int, int]


def _rgb(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _hex(colour: Colour) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour)


def _mix(a: Colour, b: Colour, share: float) -> Colour:
    return tuple(round(x + (y - x) * share) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def _until(colour: Colour, towards: Colour, good) -> Colour:  # type: ignore[no-untyped-def]
    for step in range(21):
        candidate = _mix(colour, towards, step / 20)
        if good(candidate):
            return candidate
    return towards


def luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [c / 255 for c in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: Colour, b: Colour) -> float:
    """Contrast ratio of two colours (WCAG 2.2), 1 to 21."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)
