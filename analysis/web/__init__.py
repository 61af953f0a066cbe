"""The pages for investigators: the question in an address, forms, pages and views."""
