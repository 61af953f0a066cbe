"""Forms: the grading sheet, data in and out, members, and the filter of the trail."""
