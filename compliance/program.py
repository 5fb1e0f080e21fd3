"""Compliance's section of the program file: the gates a certified partner has passed."""

from core.program_file import Integer, MapOf, Record, Section, Text

GATE = Record(name=Text(120), validity_months=Integer(lowest=1, highest=120), evidence=Text(300))

SECTIONS = (Section("certification_gates", MapOf(GATE)),)
