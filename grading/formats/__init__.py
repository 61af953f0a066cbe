"""A study's data as other programs take it, made of the CSV exports: a package, REDCap, SPSS, Stata, R, CDISC ODM."""
