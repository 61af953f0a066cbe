# Rscript beyond.R GRADES.csv PBKRTEST CLMM : stays, and answers each line of its input with a line of JSON
#
# What is asked for          what it does
# pattern, lmerTest          the joint model, and Satterthwaite's F of both hypotheses (contestMD)
# pattern, pbkrtest          the joint model, and Kenward and Roger's F of both (KRmodcomp); only where PBKRTEST is 1
# adjusted, lmerTest         for each muscle the model with the covariates and the one without, and their summaries
# adjusted, pbkrtest         the same with Kenward and Roger's degrees of freedom; only where PBKRTEST is 1
# ordinal, clmm              for each muscle the two fits of a likelihood-ratio test; only where CLMM is 1
#
# Timed inside R, with everything loaded and warm and the rows split by muscle beforehand.
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(ordinal); library(jsonlite)})
arguments <- commandArgs(TRUE)
grades <- read.csv(arguments[1], stringsAsFactors = TRUE)
grades$group <- relevel(grades$group, "IMNM")
by_muscle <- split(grades, grades$muscle)
ordered_by_muscle <- lapply(by_muscle, function(x) { x$y <- ordered(x$score); droplevels(x) })

pattern <- function(test) {
  fit <- lmerTest::lmer(score ~ 0 + muscle + muscle:group + reader + (1 | participant) + (1 | participant:muscle), grades)
  each <- outer(paste0("muscle", levels(grades$muscle), ":groupDM"), names(fixef(fit)), "==") + 0
  list(test(fit, each[-1, ] - each[rep(1, nrow(each) - 1), ]), test(fit, each))
}
adjusted <- function(ddf) lapply(by_muscle, function(x) {
  with <- lmerTest::lmer(score ~ group + age_years + sex + reader + (1 | participant), x)
  without <- lmerTest::lmer(score ~ group + reader + (1 | participant), x)
  list(summary(with, ddf = ddf)$coefficients["groupDM", c("Estimate", "Std. Error")],
       summary(without, ddf = ddf)$coefficients["groupDM", c("Estimate", "Std. Error")])
})
ordinal <- function() lapply(ordered_by_muscle, function(x) try(list(
  clmm(y ~ group + reader + (1 | participant), data = x, nAGQ = 10),
  clmm(y ~ reader + (1 | participant), data = x, nAGQ = 10)), silent = TRUE))

asks <- list("pattern, lmerTest" = function() pattern(function(fit, L) contestMD(fit, L)[["F value"]]),
             "adjusted, lmerTest" = function() adjusted("Satterthwaite"))
if (arguments[2] == "1") asks <- c(asks, list(
  "pattern, pbkrtest" = function() pattern(function(fit, L) KRmodcomp(fit, L)$test["Ftest", "stat"]),
  "adjusted, pbkrtest" = function() adjusted("Kenward-Roger")))
if (arguments[3] == "1") asks <- c(asks, list("ordinal, clmm" = ordinal))
quietly <- function(ask) suppressMessages(suppressWarnings(ask()))
input <- file("stdin", "r")
while (length(name <- readLines(input, 1))) {
  before <- proc.time(); answer <- quietly(asks[[name]]); passed <- proc.time() - before
  said <- list(wall = passed[["elapsed"]], cpu = passed[["user.self"]] + passed[["sys.self"]],
               answer = if (name == "ordinal, clmm") NULL else answer)
  cat(toJSON(said, digits = NA, auto_unbox = TRUE, null = "null"), "\n", sep = "")
  flush(stdout())
}
