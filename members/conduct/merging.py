"""What was decided on the conduct of somebody who came twice stays in force."""

from portal.registry import MergeRule

RULES = (
    MergeRule(
        (
            "members.LetterReport.decided_by",
            "members.WritingBan.user",
            "members.WritingBan.begun_by",
            "members.WritingBan.lifted_by",
        )
    ),
)
