# Rscript analysis.R : computes the comparison anew from analysed.csv and holds it against result.csv.
#
# For each muscle: score ~ group + reader + side + (1 | participant), by restricted maximum likelihood (lme4); reader and
# side only where the muscle's rows have more than one level of them. Joint model, where result.csv says so:
# score ~ 0 + muscle + muscle:group + reader + side + (1 | participant) + (1 | participant:muscle).
# Kenward-Roger (pbkrtest) or Satterthwaite (lmerTest). permutations.R counts permutation p values anew where there are
# permutations, agreement.R computes agreement anew, pattern_score.R the pattern score where there is a pattern_score.csv.
# Where there is a covariates.csv: score ~ group + covariates + reader + side + (1 | participant), of the participants who
# have all of them, and the same without covariates. Where there is a pattern.csv: Kenward and Roger's F (KRmodcomp of
# pbkrtest) of the joint model, of all participants, up to MOST grades. Where there is an all_groups.csv: all_groups.R.
#
# Exit code 0: every number agrees to 1e-4 (relative). 1: something differs; the table says what. A variance so close to 0
# that one side takes it for 0 and the other does not, though all numbers agree, is a note.
# Debian or Ubuntu: apt-get install r-base-core r-cran-lme4 r-cran-lmertest r-cran-pbkrtest
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest)})

TOLERANCE <- 1e-4
NEAR_ZERO <- c(p = 1e-12, p_holm = 1e-12)  # absolute; 1e-8 for everything else
NOTHING <- 1e-9                            # share of the squares that is nothing but rounding
TEXT <- c("set", "model", "df_method", "reference", "compared", "muscle", "status", "method", "unadjusted_status",
          "decided_by", "grades")
SINGULAR <- 1e-3                           # relative standard deviation that may be one side of lme4's 1e-4 or the other
MOST <- 20000                              # grades: KRmodcomp takes memory by their square

table_of <- function(name) read.csv(name, colClasses = "character", na.strings = character(), encoding = "UTF-8")
grades <- table_of("analysed.csv")
grades$score <- as.numeric(grades$score)
expected <- table_of("result.csv")
for (column in setdiff(names(expected), TEXT)) expected[[column]] <- as.numeric(expected[[column]])

asked <- expected[1, ]
grades <- grades[grades$group %in% c(asked$reference, asked$compared) & !is.na(grades$score), ]
grades$group <- factor(grades$group, levels = c(asked$reference, asked$compared))
grades$muscle <- factor(grades$muscle, levels = expected$muscle)

# Covariates: numbers as they are, creatine kinase as its logarithm, sex as an indicator of male, what has other levels
# as indicators of all but the first of them in the alphabet (of a single one, 0); "" is missing

coded <- function(name, values) {
  if (name == "sex") return(data.frame(sex = unname(c(female = 0, male = 1)[values])))
  if (name %in% texts) {
    levels <- sort(unique(values[values != ""]), method = "radix")[-1]
    if (!length(levels)) levels <- ""  # which nobody with a value has: who has none stays missing
    columns <- lapply(levels, function(level) ifelse(values == "", NA, as.numeric(values == level)))
    return(as.data.frame(columns, col.names = paste0(name, ".", seq_along(levels))))
  }
  values <- as.numeric(values)
  if (name == "ck_u_per_l") values <- ifelse(values > 0, log(pmax(values, 1e-300)), NA)
  setNames(data.frame(values), name)
}
centred <- function(values) {  # no group difference changes by that, and rounding matters less
  values <- values - mean(values)
  if (any(values != 0)) values / max(abs(values)) else values
}
covariates <- if (file.exists("covariates.csv")) table_of("covariates.csv")
book <- table_of("codebook.csv")
texts <- book$column[book$file == "covariates.csv" & book$type == "text"]
columns <- lapply(setdiff(names(covariates), "participant"), function(name) coded(name, covariates[[name]]))
columns <- if (length(columns)) do.call(cbind, columns)
covariate_names <- names(columns)
modelled <- grades
for (name in covariate_names)
  modelled[[name]] <- columns[[name]][match(modelled$participant, covariates$participant)]
modelled <- modelled[complete.cases(modelled[covariate_names]), ]
for (name in if (nrow(modelled)) covariate_names) modelled[[name]] <- centred(modelled[[name]])
source("models.R", local = TRUE)
source("pattern.R", local = TRUE)

described <- function(muscle, group) {  # participants' mean scores; quartiles of type 7
  x <- grades[grades$muscle == muscle & grades$group == group, ]
  means <- if (nrow(x)) tapply(x$score, x$participant, mean) else numeric()
  quartiles <- if (length(means)) unname(quantile(means, c(0.25, 0.5, 0.75), type = 7)) else rep(NA, 3)
  list(n = length(means), median = quartiles[2], q1 = quartiles[1], q3 = quartiles[3],
       mean = if (length(means)) mean(means) else NA, sd = if (length(means) > 1) sd(means) else NA)
}

# Comparison with result.csv

answers <- if (asked$model == "joint") jointly() else lapply(expected$muscle, of_muscle)
names(answers) <- expected$muscle
p <- sapply(answers, function(found) if (is.null(found$p)) NA else found$p)
holm <- p
holm[!is.na(p)] <- p.adjust(p[!is.na(p)], "holm")

differs <- function(name, here, there) {
  if (is.null(here)) here <- NA
  if (is.na(here) || is.na(there)) return(is.na(here) != is.na(there))
  near_zero <- if (name %in% names(NEAR_ZERO)) NEAR_ZERO[[name]] else 1e-8
  abs(here - there) > max(near_zero, TOLERANCE * abs(there))
}
noted <- character()
held_against <- function(muscle) {
  row <- expected[expected$muscle == muscle, ]
  found <- c(answers[[muscle]], list(p_holm = holm[[muscle]]))
  if (length(covariate_names)) {
    own <- modelled[modelled$muscle == muscle, ]
    found <- c(found, list(participants = length(unique(own$participant))))
    without <- of_muscle(muscle, NULL)
    found[paste("unadjusted", names(without), sep = "_")] <- without
  }
  for (group in c("reference", "compared")) {
    seen <- described(muscle, asked[[group]])
    found[paste(group, names(seen), sep = "_")] <- seen
  }
  found$p_deciding <- switch(row$decided_by, raw = found$p, holm = found$p_holm, "max-t" = row$p_permutation_max_t)
  numbers <- setdiff(names(expected), c(TEXT, "p_permutation", "p_permutation_max_t"))
  wrong <- numbers[sapply(numbers, function(name) differs(name, found[[name]], row[[name]]))]
  method <- if (is.null(found$method)) "" else found$method
  wrong <- c(wrong, if (method != row$method) "method")
  for (name in c("status", if (length(covariate_names)) "unadjusted_status")) {
    if (found[[name]] == row[[name]]) next
    beside <- found[[if (name == "status") "beside" else "unadjusted_beside"]]
    if (length(wrong) || !only_beside(beside, found[[name]], row[[name]])) wrong <- c(wrong, name)
    else noted <<- c(noted, sprintf("%s: %s is %s here and %s in result.csv", muscle, name, found[[name]], row[[name]]))
  }
  wrong
}
wrong <- lapply(expected$muscle, held_against)
print(sessionInfo())
source("agreement.R", local = TRUE)
source("permutations.R", local = TRUE)
source("pattern_score.R", local = TRUE)
source("all_groups.R", local = TRUE)

shown <- function(name, digits) sapply(answers, function(found)
  if (is.null(found[[name]])) "-" else formatC(found[[name]], digits = digits, format = "g"))
print(data.frame(status = sapply(answers, `[[`, "status"), estimate = shown("estimate", 6), se = shown("se", 6),
  df = shown("df", 5), p = shown("p", 3), holm = ifelse(is.na(holm), "-", formatC(holm, digits = 3, format = "g")),
  result.csv = sapply(wrong, function(names) if (length(names)) paste("DIFFERS:", paste(names, collapse = ", ")) else "agrees"),
  row.names = expected$muscle, check.names = FALSE))
if ("grades" %in% names(expected)) cat("\nGrades: with adjudicated decisions in the place of readers' grades; reads.csv has these.\n")
wrong_tests <- character()
if (file.exists("pattern.csv")) {
  said <- table_of("pattern.csv")
  tests <- if (nrow(grades) <= MOST) pattern_tests()
  for (row in if (is.null(tests)) integer() else seq_len(nrow(said))) {
    found <- tests[[said$test[row]]]
    off <- Filter(function(name) differs(name, found[[name]], as.numeric(said[row, name])), c("F", "df1", "df2", "scaling", "p"))
    if (found$status != said$status[row]) {
      if (length(off) || !only_beside(tests$beside, found$status, said$status[row])) off <- c(off, "status")
      else noted <- c(noted, sprintf("%s: status is %s here and %s in pattern.csv", said$test[row], found$status, said$status[row]))
    }
    cat(sprintf("\n%s: F = %s, df = %s and %s, p = %s: %s", said$test[row], format(found$F), format(found$df1), format(found$df2),
                format(found$p), if (length(off)) paste("DIFFERS:", paste(off, collapse = ", ")) else "as pattern.csv"))
    wrong_tests <- c(wrong_tests, off)
  }
  cat(if (is.null(tests)) paste("\npattern.csv: not computed anew from more than", MOST, "grades.\n") else "\n")
}
if (length(noted)) cat("\nNote: a variance just beside 0, which may be taken for 0 or not; every number agrees.\n",
                       paste0("  ", noted, "\n"), sep = "")
wrong_permutations <- if (any(!is.na(expected$p_permutation))) permutations_differ() else 0
wrong_score <- if (file.exists("pattern_score.csv")) pattern_score_differs() else 0
wrong_agreement <- agreement_differs()
if (file.exists("all_groups.csv") && all_groups_differ()) {
  cat("\nR", paste(R.version$major, R.version$minor, sep = "."), "does not arrive at the numbers of all_groups.csv.\n")
  quit(status = 1)
}
if (wrong_permutations || wrong_score || wrong_agreement) {
  cat("\nR", paste(R.version$major, R.version$minor, sep = "."), "does not arrive at",
      paste(c(if (wrong_permutations) "the permutation p values of result.csv", if (wrong_score) "the numbers of pattern_score.csv",
              if (wrong_agreement) "the numbers of agreement.csv"), collapse = " and "), "\n")
  quit(status = 1)
}
if (length(wrong_tests)) {
  cat("\nR", paste(R.version$major, R.version$minor, sep = "."), "does not arrive at the numbers of pattern.csv.\n")
  quit(status = 1)
}
if (sum(lengths(wrong))) {
  cat("\nR", paste(R.version$major, R.version$minor, sep = "."), "does not arrive at the numbers of result.csv.\n")
  quit(status = 1)
}
cat("\nR arrives at every number of result.csv and agreement.csv, to", TOLERANCE, "relative.\n")
