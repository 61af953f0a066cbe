"""How large a study has to be: power and width by simulation of scores, and closed forms beside them."""
