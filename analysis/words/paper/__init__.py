"""Methods, results and GRRAS items, as a paper would have them."""
