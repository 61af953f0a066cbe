"""What is answered where the site refuses or fails: a page in the site's words, with a way on and what was entered.

Whoever asks for JSON gets ``{"error": …}`` in the same words. No page of Django's own is seen by anybody.
"""
