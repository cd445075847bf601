"""Lists of people as others make them: CSV from Excel and elsewhere, or lines pasted from a mail program."""
