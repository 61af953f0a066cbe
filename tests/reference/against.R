# Rscript against.R : R's answers on the cohorts beside this file, written to against.json.
# A decision stands on each unit (participant x muscle x side) that all readers gave scores which differ by 2 or more: their largest.
# A unit is settled where it is decided, or all its readers' grades (two or more, "not assessable" among them) are the same.
# Per reader and muscle, and "overall", of the reader's score against that grade: units, units that are undecided, weighted kappa
# by its definition, share of equal grades, and t.test of participants' mean differences. Debian: r-cran-jsonlite.
suppressMessages(library(jsonlite))

COHORTS <- c("balanced", "sides", "missing-cells", "missing-reader")
MUSCLES <- c("VL", "VM", "VI", "RF", "BFSH", "BFLH", "SM", "ST", "ADD", "GR", "SA")

kappa <- function(own, other, power) {
  counts <- unclass(table(factor(own, 0:3), factor(other, 0:3)))
  d <- abs(outer(0:3, 0:3, "-"))^power
  chance <- sum(d * outer(rowSums(counts), colSums(counts))) / sum(counts)
  if (chance == 0) NULL else 1 - sum(d * counts) / chance
}

difference <- function(rows) {
  means <- tapply(rows$score - rows$other, as.character(rows$participant), mean)
  if (length(means) < 2) return(list(value = mean(means), ci_low = NULL, ci_high = NULL))
  if (var(means) == 0) return(list(value = means[[1]], ci_low = means[[1]], ci_high = means[[1]]))  # which t.test refuses
  found <- t.test(means)
  list(value = found$estimate[[1]], ci_low = found$conf.int[1], ci_high = found$conf.int[2])
}

entry <- function(rows, muscle) {
  if (muscle != "overall") rows <- rows[rows$muscle == muscle, ]
  both <- rows[!rows$undecided & !is.na(rows$score) & !is.na(rows$other), ]
  c(list(muscle = muscle, units = nrow(both), undecided = sum(rows$undecided)), if (nrow(both)) list(
    exact = mean(both$score == both$other), kappa_linear = kappa(both$score, both$other, 1),
    kappa_quadratic = kappa(both$score, both$other, 2), mean_difference = difference(both)))
}

answers <- function(cohort) {
  grades <- read.csv(paste0(cohort, ".grades.csv"))
  unit <- paste(grades$participant, grades$muscle, grades$side)
  each <- split(grades$score, unit)
  of <- function(what) sapply(each, what)[unit]
  decided <- of(function(x) !anyNA(x) && max(x) - min(x) >= 2)
  alike <- of(function(x) length(unique(x)) == 1)
  several <- of(length) > 1
  grades$other <- ifelse(decided, of(function(x) max(x, na.rm = FALSE)), grades$score)
  grades$undecided <- !decided & !alike
  kinds <- list(decided = grades[decided | grades$undecided, ], settled = grades[decided | several, ])
  lapply(kinds, function(rows) lapply(split(rows, rows$reader), function(own) lapply(c(MUSCLES, "overall"), function(m) entry(own, m))))
}

result <- list(R = R.version.string, cohorts = setNames(lapply(COHORTS, answers), COHORTS))
write(toJSON(result, digits = NA, auto_unbox = TRUE, null = "null", pretty = 1), "against.json")
