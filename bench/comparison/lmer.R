# Rscript lmer.R GRADES.csv REPETITIONS PATIENCE PBKRTEST : seconds and answers of R's mixed models, as JSON
#
# per_muscle:    lmerTest::lmer and its summary (Satterthwaite's degrees of freedom and p), for each muscle
# kenward_roger: the same with summary(ddf = "Kenward-Roger"), which is pbkrtest's; only where PBKRTEST is 1
# joint:         lme4::lmer alone, no degrees of freedom
#
# Timed inside R, with everything loaded and warm and the rows split by muscle beforehand. Nothing is repeated once
# PATIENCE seconds have passed.
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(jsonlite)})
arguments <- commandArgs(TRUE)
repetitions <- as.integer(arguments[2]); patience <- as.numeric(arguments[3]); with_pbkrtest <- arguments[4] == "1"
grades <- read.csv(arguments[1], stringsAsFactors = TRUE)
grades$group <- relevel(grades$group, "IMNM")
quietly <- function(x) suppressMessages(suppressWarnings(x))  # lme4 warns of gradients at its default tolerance

per_muscle <- function(by_muscle, ddf) lapply(by_muscle, function(x)
  summary(lmerTest::lmer(score ~ group + reader + (1 | participant), x), ddf = ddf)$coefficients)
joint <- function(d) lme4::lmer(
  score ~ 0 + muscle + muscle:group + reader + (1 | participant) + (1 | participant:muscle), d)

timed <- function(ask) {
  wall <- cpu <- c()
  while (length(wall) < repetitions && sum(wall) < patience) {
    before <- proc.time(); answer <- quietly(ask()); passed <- proc.time() - before
    wall <- c(wall, passed[["elapsed"]]); cpu <- c(cpu, passed[["user.self"]] + passed[["sys.self"]])
  }
  list(answer = answer, seconds = list(wall = I(wall), cpu = I(cpu)))
}
of_muscles <- function(coefficients) lapply(names(coefficients), function(m) list(muscle = m,
  estimate = coefficients[[m]]["groupDM", "Estimate"], se = coefficients[[m]]["groupDM", "Std. Error"],
  df = coefficients[[m]]["groupDM", "df"]))
of_joint <- function(fit) { se <- sqrt(diag(as.matrix(vcov(fit)))); lapply(levels(grades$muscle), function(m) {
  i <- paste0("muscle", m, ":groupDM"); list(muscle = m, estimate = fixef(fit)[[i]], se = se[[i]]) }) }

few <- droplevels(grades[as.integer(grades$participant) <= 25, ])
warm_up <- function() {
  quietly(per_muscle(split(few, few$muscle), "Satterthwaite")); quietly(joint(few))
  if (with_pbkrtest) quietly(per_muscle(split(few, few$muscle), "Kenward-Roger"))
}
for (i in 1:2) invisible(warm_up())

by_muscle <- split(grades, grades$muscle)
alone <- timed(function() per_muscle(by_muscle, "Satterthwaite"))
exact <- if (with_pbkrtest) timed(function() per_muscle(by_muscle, "Kenward-Roger"))
together <- timed(function() joint(grades))
version <- function(package) as.character(packageVersion(package))
write(toJSON(list(
  versions = c(list(R = paste(R.version$major, R.version$minor, sep = ".")),
               sapply(c("lme4", "lmerTest", "pbkrtest"), version, simplify = FALSE)),
  per_muscle = list(seconds = alone$seconds, answers = of_muscles(alone$answer)),
  kenward_roger = if (with_pbkrtest) list(seconds = exact$seconds, answers = of_muscles(exact$answer)),
  joint = list(seconds = together$seconds, answers = of_joint(together$answer))),
  digits = NA, auto_unbox = TRUE, null = "null"), stdout())
