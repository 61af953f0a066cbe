# Rscript agreement.R : psych's answers on the cohorts beside this file, written to agreement.json.
# Per muscle, and "overall" with all muscles pooled: ICC(1,1), ICC(2,1) and ICC(3,1) with their F-based intervals
# on the units that every reader graded; Cohen's kappa with linear and quadratic weights for each pair of readers,
# on the units both graded. Units are participant x muscle x side of each participant's only MRI.
# Debian: r-cran-psych, r-cran-jsonlite.
suppressMessages({library(psych); library(jsonlite)})

COHORTS <- c("balanced", "sides", "missing-cells", "missing-reader", "degenerate", "boundary")
MUSCLES <- c("VL", "VM", "VI", "RF", "BFSH", "BFLH", "SM", "ST", "ADD", "GR", "SA")
STEPS <- abs(outer(0:3, 0:3, "-"))

wide <- function(grades) {  # units in rows, readers in columns, NA where there is no grade
  unit <- paste(grades$participant, grades$muscle, grades$side)
  tapply(grades$score, list(unit, grades$reader), function(score) score[1])
}

intraclass <- function(ratings) {
  complete <- na.omit(as.data.frame(ratings))
  if (nrow(complete) < 2 || var(unlist(complete)) == 0) return(NULL)
  result <- suppressWarnings(ICC(complete, lmer = FALSE)$results)
  rows <- lapply(1:3, function(i) list(value = result$ICC[i], ci_low = result$`lower bound`[i], ci_high = result$`upper bound`[i]))
  setNames(rows, c("icc_1_1", "icc_2_1", "icc_3_1"))
}

kappas <- function(ratings) {
  pairs <- combn(colnames(ratings), 2, simplify = FALSE)
  lapply(pairs, function(pair) {
    counts <- table(factor(ratings[, pair[1]], 0:3), factor(ratings[, pair[2]], 0:3))
    kappa <- function(weights) suppressWarnings(cohen.kappa(matrix(counts, 4), w = weights)$weighted.kappa)
    list(readers = pair, linear = kappa(1 - STEPS / 3), quadratic = kappa(1 - STEPS^2 / 9))
  })
}

answers <- function(cohort) {
  grades <- read.csv(paste0(cohort, ".grades.csv"))
  entries <- lapply(c(MUSCLES, "overall"), function(muscle) {
    ratings <- wide(if (muscle == "overall") grades else grades[grades$muscle == muscle, ])
    list(muscle = muscle, icc = intraclass(ratings), kappa = kappas(ratings))
  })
  entries
}

result <- list(R = R.version.string, psych = as.character(packageVersion("psych")), cohorts = setNames(lapply(COHORTS, answers), COHORTS))
write(toJSON(result, digits = NA, auto_unbox = TRUE, null = "null", na = "null", pretty = 1), "agreement.json")
