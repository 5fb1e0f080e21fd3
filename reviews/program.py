"""The reviews' section of the program file: which benefit brings a review, and what it talks about."""

from core.program_file import ListOf, Record, Ref, Section, Text

SECTIONS = (
    Section("reviews", Record(benefit=Ref("tier_program.benefits"), agenda=ListOf(Text(120), fewest=1))),
)
