# Rscript agreement2.R : R's answers on the cohorts beside this file, written to agreement2.json.
# reader_effects: lm(score ~ unit + reader) over units with two grades or more; each reader's effect less the mean of the others',
#   and its standard error by the jackknife, the model fitted anew without each participant.
# mixed: per muscle, and "overall" with all muscles pooled, lmer(score ~ 1 + (1 | unit) + (1 | reader)) by REML at tight tolerance:
#   variance components of unit, reader and residual, from every grade.
# resampled: ICC(2,1) and ICC(3,1) over all muscles by the mean squares of complete units, with percentiles of 2,000 resamples of participants.
# Debian: r-cran-lme4, r-cran-jsonlite.
suppressMessages({library(lme4); library(jsonlite)})

COHORTS <- c("balanced", "sides", "missing-cells", "missing-reader", "boundary")
MUSCLES <- c("VL", "VM", "VI", "RF", "BFSH", "BFLH", "SM", "ST", "ADD", "GR", "SA")
CONTROL <- lmerControl(optimizer = "nloptwrap", optCtrl = list(xtol_abs = 1e-12, xtol_rel = 0, ftol_abs = 1e-14, ftol_rel = 0,
  maxeval = 5000), check.conv.grad = "ignore", check.conv.hess = "ignore", check.conv.singular = "ignore")

grades_of <- function(cohort) {
  grades <- read.csv(paste0(cohort, ".grades.csv"))
  grades <- grades[!is.na(grades$score), ]
  grades$unit <- paste(grades$participant, grades$muscle, grades$side)
  grades$reader <- factor(grades$reader)
  grades
}

against_others <- function(grades) {
  beta <- c(0, coef(lm(score ~ reader + unit, grades))[paste0("reader", levels(grades$reader)[-1])])
  sapply(seq_along(beta), function(r) beta[r] - mean(beta[-r]))
}

effects <- function(grades) {
  grades <- grades[ave(grades$score, grades$unit, FUN = length) > 1, ]
  value <- against_others(grades)
  people <- unique(grades$participant); n <- length(people)
  left_out <- sapply(people, function(one) against_others(grades[grades$participant != one, ]))
  se <- sqrt((n - 1) / n * rowSums((left_out - rowMeans(left_out))^2))
  lapply(seq_along(value), function(r) list(reader = levels(grades$reader)[r], value = value[r],
    ci_low = value[r] - qt(.975, n - 1) * se[r], ci_high = value[r] + qt(.975, n - 1) * se[r]))
}

mixed <- function(grades) {
  fit <- suppressMessages(lmer(score ~ 1 + (1 | unit) + (1 | reader), grades, control = CONTROL))
  found <- as.data.frame(VarCorr(fit))
  variance <- setNames(found$vcov, found$grp)
  list(unit = variance[["unit"]], reader = variance[["reader"]], residual = variance[["Residual"]])
}

intraclass <- function(ratings) {
  n <- nrow(ratings); k <- ncol(ratings); mean <- mean(ratings)
  units <- k * sum((rowMeans(ratings) - mean)^2) / (n - 1)
  raters <- n * sum((colMeans(ratings) - mean)^2) / (k - 1)
  residual <- (sum((ratings - mean)^2) - units * (n - 1) - raters * (k - 1)) / ((n - 1) * (k - 1))
  c(icc_2_1 = (units - residual) / (units + (k - 1) * residual + k * (raters - residual) / n), icc_3_1 = (units - residual) / (units + (k - 1) * residual))
}

resampled <- function(grades) {
  wide <- na.omit(tapply(grades$score, list(grades$unit, grades$reader), function(score) score[1]))
  of <- split(seq_len(nrow(wide)), grades$participant[match(rownames(wide), grades$unit)])
  people <- unique(grades$participant)
  set.seed(1)
  drawn <- replicate(2000, intraclass(wide[unlist(of[as.character(sample(people, replace = TRUE))]), ]))
  point <- intraclass(wide)
  limits <- apply(drawn, 1, quantile, c(.025, .975), type = 7)
  sapply(names(point), function(name) list(value = point[[name]], ci_low = limits[1, name], ci_high = limits[2, name]), simplify = FALSE)
}

answers <- function(cohort) {
  grades <- grades_of(cohort)
  of <- function(muscle) if (muscle == "overall") grades else grades[grades$muscle == muscle, ]
  list(reader_effects = effects(grades), resampled = resampled(grades), mixed = lapply(c(MUSCLES, "overall"), function(muscle) c(list(muscle = muscle), mixed(of(muscle)))))
}

result <- list(R = R.version.string, lme4 = as.character(packageVersion("lme4")), cohorts = setNames(lapply(COHORTS, answers), COHORTS))
write(toJSON(result, digits = NA, auto_unbox = TRUE, pretty = 1), "agreement2.json")
