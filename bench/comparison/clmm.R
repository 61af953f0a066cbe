# Rscript clmm.R GRADES.csv REPETITIONS PATIENCE : seconds and answers of ordinal's clmm, as JSON
#
# For each muscle the two fits of a likelihood-ratio test, with and without the group, ten adaptive Gauss-Hermite points.
#
# Timed inside R, with everything loaded and warm and the rows split by muscle beforehand. Nothing is repeated once
# PATIENCE seconds have passed. Where clmm warns or fails, its answer is not to be compared.
suppressMessages({library(ordinal); library(jsonlite)})
arguments <- commandArgs(TRUE)
repetitions <- as.integer(arguments[2]); patience <- as.numeric(arguments[3])
grades <- read.csv(arguments[1], stringsAsFactors = TRUE)
grades$group <- relevel(grades$group, "IMNM")
by_muscle <- lapply(split(grades, grades$muscle), function(x) { x$y <- ordered(x$score); droplevels(x) })

fit <- function(formula, x) clmm(formula, data = x, nAGQ = 10)
both <- function(x) list(with = fit(y ~ group + reader + (1 | participant), x),
                         without = fit(y ~ reader + (1 | participant), x))
answer <- function(x) tryCatch({ f <- both(x)
  list(estimate = unname(coef(f$with)["groupDM"]), statistic = 2 * as.numeric(logLik(f$with) - logLik(f$without))) },
  warning = function(w) NULL, error = function(e) NULL)
ask <- function() for (x in by_muscle) suppressWarnings(try(both(x), silent = TRUE))

ask()
wall <- cpu <- c()
while (length(wall) < repetitions && sum(wall) < patience) {
  before <- proc.time(); ask(); passed <- proc.time() - before
  wall <- c(wall, passed[["elapsed"]]); cpu <- c(cpu, passed[["user.self"]] + passed[["sys.self"]])
}
write(toJSON(list(seconds = list(wall = I(wall), cpu = I(cpu)), version = as.character(packageVersion("ordinal")),
  answers = lapply(by_muscle, answer)), digits = NA, auto_unbox = TRUE, null = "null"), stdout())
