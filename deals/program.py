"""The deals' section of the program file: kinds of deals, and the stages that partners own."""

from core.program_file import Integer, MapOf, Record, Section, Text, unlike

TYPE = Record(name=Text(60), definition=Text(300))
STAGE = Record(name=Text(60), definition=Text(300), rank=Integer(lowest=1, highest=50))

SECTIONS = (Section("deals", Record(types=MapOf(TYPE), stages=MapOf(STAGE).where(unlike("rank")))),)
