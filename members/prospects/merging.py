from portal.registry import MergeRule

RULES = (MergeRule(("members.ProspectList.uploaded_by",)),)
