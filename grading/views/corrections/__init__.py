"""The pages that correct a participant: a form, then what will happen, then it is done."""
