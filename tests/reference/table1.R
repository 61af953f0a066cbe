# Rscript table1.R NAME: what R says of NAME.participants.csv, each participant once: Table 1 of each group and of all.
# numbers: type 7 quartiles, n - 1 standard deviation, of those with a value; sex: how many there are of each.
suppressMessages(library(jsonlite))
name <- commandArgs(TRUE)[1]
p <- read.csv(paste0(name, ".participants.csv"), na.strings = ""); p <- p[!duplicated(p$participant), ]
number <- function(x) { v <- x[!is.na(x)]; q <- unname(quantile(v, c(.25, .5, .75), type = 7))
  list(n = length(v), missing = sum(is.na(x)), median = q[2], q1 = q[1], q3 = q[3], mean = mean(v), sd = sd(v), min = min(v), max = max(v)) }
of <- function(d) list(age_years = number(d$age_years), disease_duration_months = number(d$disease_duration_months),
  sex = list(n = sum(!is.na(d$sex)), missing = sum(is.na(d$sex)), female = sum(d$sex == "female", na.rm = TRUE), male = sum(d$sex == "male", na.rm = TRUE)))
write(toJSON(list(name = name, R = R.version.string, DM = of(p[p$group == "DM", ]), IMNM = of(p[p$group == "IMNM", ]), all = of(p)),
  digits = NA, auto_unbox = TRUE, pretty = 1), paste0(name, ".table1.json"))
