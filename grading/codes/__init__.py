"""Codes and names as people write them: what may stand in one, and which two are easily taken for one. Pure: no Django.

spelling    what cannot be seen in a text
skeleton    letters that look alike
similarity  codes that are nearly equal
suspicion   what a spreadsheet or a person's name has left in a code
nearness    words that differ by a slip of typing
alphabets   names that mix alphabets
naming      titles that name a group
mentions    texts that mention a code
"""
