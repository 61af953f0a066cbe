# Rscript analysis.R : computes the comparison anew from analysed.csv and holds it against result.csv.
#
# For each muscle: score ~ group + reader + side + (1 | participant), by restricted maximum likelihood (lme4); reader and
# side only where the muscle's rows have more than one level of them. Joint model, where result.csv says so:
# score ~ 0 + muscle + muscle:group + reader + side + (1 | participant) + (1 | participant:muscle).
# Kenward-Roger (pbkrtest) or Satterthwaite (lmerTest). permutations.R counts permutation p values anew where there are
# permutations, agreement.R computes agreement anew.
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

# Formulas

several <- function(x) length(unique(x)) > 1
nuisance <- function(x) c("reader", "side")[c(several(x$reader), several(x$side))]
formula_of <- function(...) as.formula(paste("score ~", paste(c(...), collapse = " + ")))

# Answers: a row of numbers, or a status without numbers

refused <- function() list(status = "not_estimable")
answer <- function(status, method, estimate, se, df) {
  if (!is.finite(se) || se <= 0 || !is.finite(df) || df <= 0) return(refused())
  statistic <- estimate / se
  reach <- qt(0.975, df) * se
  list(status = status, method = method, estimate = estimate, se = se, df = df, statistic = statistic,
       p = 2 * pt(-abs(statistic), df), ci_low = estimate - reach, ci_high = estimate + reach)
}

apart <- function(x) {  # complete separation: all participants of a group score alike, and the groups differ
  means <- aggregate(score ~ participant + group, x, mean)
  by_group <- split(means$score, factor(means$group, levels = c(asked$reference, asked$compared)))
  if (any(sapply(by_group, function(m) length(m) < 2 || diff(range(m)) > NOTHING))) return(refused())
  difference <- mean(by_group[[2]]) - mean(by_group[[1]])
  if (abs(difference) > NOTHING) list(status = "separated", estimate = difference) else refused()
}
least_squares <- function(status, formula, rows, name = paste0("group", asked$compared), own = rows) {
  fit <- lm(formula, rows)
  nothing_left <- fit$df.residual < 1 || sum(resid(fit)^2) <= 1e-13 * sum((rows$score - mean(rows$score))^2)
  if (nothing_left) return(if (fit$df.residual < 1) refused() else apart(own))
  row <- suppressWarnings(summary(fit))$coefficients[name, ]
  answer(status, "linear_model", row[["Estimate"]], row[["Std. Error"]], fit$df.residual)
}
on_means <- function(x, adjust = NULL) {
  means <- aggregate(score ~ participant + group, x, mean)
  for (name in adjust) means[[name]] <- x[[name]][match(means$participant, x$participant)]
  least_squares("boundary", formula_of("group", adjust), means)
}

mixed <- function(formula, rows) {  # to a tight tolerance: lme4's own is good to four digits only
  tight <- list(xtol_abs = 1e-12, xtol_rel = 0, ftol_abs = 1e-14, ftol_rel = 0, maxeval = 5000)
  control <- lmerControl(optimizer = "nloptwrap", optCtrl = tight, check.conv.grad = "ignore",
    check.conv.hess = "ignore", check.conv.singular = "ignore", check.nobs.vs.nlev = "ignore")
  suppressMessages(suppressWarnings(lmerTest::lmer(formula, rows, control = control)))
}
is_beside_limit <- function(fit) any(getME(fit, "theta") < SINGULAR)
only_beside <- function(beside, here, there) isTRUE(beside) && setequal(c(here, there), c("ok", "boundary"))
tests_of <- function(fit) {  # name of a coefficient -> its answer
  status <- if (isSingular(fit)) "boundary" else "ok"
  beside <- is_beside_limit(fit)
  if (asked$df_method == "satterthwaite") {
    rows <- summary(fit)$coefficients
    return(function(name) c(beside = beside, answer(status, "satterthwaite", rows[name, "Estimate"],
                                                    rows[name, "Std. Error"], rows[name, "df"])))
  }
  adjusted <- vcovAdj(fit)
  function(name) {
    L <- as.numeric(names(fixef(fit)) == name)
    c(beside = beside, answer(status, "kenward_roger", fixef(fit)[[name]],
                              sqrt(sum(L * as.numeric(as.matrix(adjusted) %*% L))), Lb_ddf(L, vcov(fit), adjusted)))
  }
}

# When a model cannot be had

too_few <- function(x) any(tapply(x$participant, x$group, function(who) length(unique(who)), default = 0) < 2)
is_estimable <- function(X, name) name %in% colnames(X) && qr(X[, colnames(X) != name, drop = FALSE])$rank < qr(X)$rank
squares_about <- function(x, centre) sum((x$score - ave(x$score, centre))^2)
agree_within <- function(x, cell, terms) {  # reads never differ within a cell, or only by a constant per reader or side
  about_mean <- function(v) v - ave(v, cell)
  constants <- apply(model.matrix(formula_of("1", terms), x)[, -1, drop = FALSE], 2, about_mean)
  fit <- qr(constants)
  left <- nrow(x) - length(unique(cell)) - if (ncol(constants)) fit$rank else 0
  residuals <- if (ncol(constants)) qr.resid(fit, about_mean(x$score)) else about_mean(x$score)
  left > 0 && sum(residuals^2) < NOTHING * squares_about(x, x$muscle)
}
fits_exactly <- function(X, x) sum(qr.resid(qr(X), x$score)^2) < NOTHING * squares_about(x, x$muscle)
residual_share <- function(fit) { v <- as.data.frame(VarCorr(fit))$vcov; v[length(v)] / sum(v) }
# Too few repeated grades to split the variance: no optimiser can tell, so the site's word is taken for the method.
is_unsplit <- function(rows) any(rows$method == "linear_model" & rows$status == "ok")

# Models

of_muscle <- function(muscle, adjust = covariate_names) {
  x <- droplevels(modelled[modelled$muscle == muscle, ])
  x$group <- factor(x$group, levels = levels(grades$group))
  name <- paste0("group", asked$compared)
  if (!nrow(x) || too_few(x) || !several(x$score)) return(refused())
  fixed <- formula_of("group", adjust, nuisance(x))
  X <- model.matrix(fixed, x)
  if (!is_estimable(X, name)) return(refused())
  if (max(table(x$participant)) == 1) return(least_squares("ok", fixed, x))
  if (qr(X)$rank >= nrow(x)) return(refused())
  if (agree_within(x, x$participant, nuisance(x)) || fits_exactly(X, x)) return(on_means(x, adjust))
  if (is_unsplit(expected[expected$muscle == muscle, ])) return(least_squares("ok", fixed, x))
  fit <- mixed(formula_of("group", adjust, nuisance(x), "(1 | participant)"), x)
  if (residual_share(fit) < NOTHING) on_means(x, adjust) else tests_of(fit)(name)
}

jointly <- function() {
  x <- droplevels(grades)
  x$group <- factor(x$group, levels = levels(grades$group))
  answerable <- Filter(function(muscle) !too_few(grades[grades$muscle == muscle, ]), expected$muscle)
  each <- function(ask) lapply(expected$muscle, function(muscle) if (muscle %in% answerable) ask(muscle) else refused())
  if (!length(answerable) || !any(tapply(x$score, x$muscle, several))) return(each(function(muscle) refused()))
  is_alone <- nlevels(x$muscle) == 1  # then R knows no factor of it
  name_of <- function(muscle) paste0(if (!is_alone) paste0("muscle", muscle, ":"), "group", asked$compared)
  terms <- c(if (is_alone) "group" else c("0 + muscle", "muscle:group"), nuisance(x))
  X <- model.matrix(formula_of(terms), x)
  answerable <- Filter(function(muscle) is_estimable(X, name_of(muscle)), answerable)
  cell <- paste(as.integer(factor(x$participant)), x$muscle)
  has_cells <- max(table(cell)) > 1 && max(tapply(x$muscle, x$participant, function(m) length(unique(m)))) > 1
  effects <- c(if (max(table(x$participant)) > 1) "(1 | participant)", if (has_cells) "(1 | participant:muscle)")
  least <- function(muscle) least_squares("ok", formula_of(terms), x, name_of(muscle), grades[grades$muscle == muscle, ])
  means <- function(muscle) on_means(grades[grades$muscle == muscle, ])
  if (is.null(effects) || is_unsplit(expected)) return(each(least))
  if (qr(X)$rank >= nrow(x)) return(each(function(muscle) refused()))
  within <- c(if (!has_cells && !is_alone) "muscle", nuisance(x))
  if (agree_within(x, if (has_cells) cell else x$participant, within) || fits_exactly(X, x)) return(each(means))
  fit <- mixed(formula_of(terms, effects), x)
  if (residual_share(fit) < NOTHING) return(each(means))
  test <- tests_of(fit)
  each(function(muscle) test(name_of(muscle)))
}

# All muscles at once

unbiased <- function(muscle) {  # participants' means of a muscle, less what readers and sides add to them
  x <- droplevels(grades[grades$muscle == muscle, ])
  terms <- nuisance(x)
  added <- if (length(terms)) model.matrix(formula_of(terms), x)[, -1, drop = FALSE] else matrix(0, nrow(x), 0)
  about <- apply(added, 2, function(v) v - ave(v, x$participant))
  effects <- if (ncol(added)) qr.coef(qr(about), x$score - ave(x$score, x$participant)) else numeric()
  effects[is.na(effects)] <- 0
  x$score <- x$score - as.numeric(added %*% effects)
  means <- aggregate(score ~ participant + group, x, mean)
  nothing <- rep("", nrow(means))
  data.frame(means, muscle = factor(rep(muscle, nrow(means)), levels(grades$muscle)), reader = nothing, side = nothing)
}
no_test <- function() list(F = NA, df1 = NA, df2 = NA, scaling = NA, p = NA, status = "not_estimable")
tested <- function(L, fit, status) {  # L: a row for each contrast of coefficients
  if (!nrow(L)) return(no_test())
  if (inherits(fit, "lm")) {
    known <- !is.na(coef(fit))
    b <- L[, known, drop = FALSE] %*% coef(fit)[known]
    F <- as.numeric(t(b) %*% solve(L[, known, drop = FALSE] %*% vcov(fit)[known, known] %*% t(L[, known, drop = FALSE]), b)) / nrow(L)
    return(list(F = F, df1 = nrow(L), df2 = fit$df.residual, scaling = 1,
                p = pf(F, nrow(L), fit$df.residual, lower.tail = FALSE), status = status))
  }
  test <- KRmodcomp(fit, L)$test["Ftest", ]
  list(F = test$stat, df1 = test$ndf, df2 = test$ddf, scaling = test$F.scaling, p = test$p.value, status = status)
}
pattern_tests <- function(x = grades, is_of_means = FALSE) {
  nothing <- list(pattern = no_test(), any = no_test())
  muscles <- Filter(function(muscle) !too_few(x[x$muscle == muscle, ]), expected$muscle)
  x <- droplevels(x)
  x$group <- factor(x$group, levels = levels(grades$group))
  if (length(muscles) < 1 || nlevels(x$muscle) < 2) return(nothing)
  terms <- c("0 + muscle", "muscle:group", nuisance(x))
  X <- model.matrix(formula_of(terms), x)
  others <- levels(grades$group)[-1]
  names_of <- function(muscle) paste0("muscle", muscle, ":group", others)
  muscles <- Filter(function(muscle) all(sapply(names_of(muscle), function(name) is_estimable(X, name))), muscles)
  if (!length(muscles) || qr(X)$rank >= nrow(x)) return(nothing)
  cell <- paste(as.integer(factor(x$participant)), x$muscle)
  has_cells <- max(table(cell)) > 1
  effects <- c(if (max(table(x$participant)) > 1) "(1 | participant)", if (has_cells) "(1 | participant:muscle)")
  again <- function() if (is_of_means) nothing else pattern_tests(do.call(rbind, lapply(levels(x$muscle), unbiased)), TRUE)
  if (agree_within(x, if (has_cells) cell else x$participant, c(if (!has_cells) "muscle", nuisance(x))) || fits_exactly(X, x)) return(again())
  fit <- if (is.null(effects)) lm(formula_of(terms), x) else mixed(formula_of(terms, effects), x)
  if (!is.null(effects) && residual_share(fit) < NOTHING) return(again())
  status <- if (is_of_means || (!is.null(effects) && isSingular(fit))) "boundary" else "ok"
  coefficients <- if (is.null(effects)) names(coef(fit)) else names(fixef(fit))
  each <- outer(c(sapply(muscles, names_of)), coefficients, "==") + 0
  first <- seq_along(others)
  rest <- each[-first, , drop = FALSE]
  beside <- !is.null(effects) && is_beside_limit(fit)
  of_one <- function(muscle) tested(outer(names_of(muscle), coefficients, "==") + 0, fit, status)
  list(beside = beside, pattern = tested(rest - each[rep(first, length.out = nrow(rest)), , drop = FALSE], fit, status),
       any = tested(each, fit, status),
       of_muscles = if (length(others) > 1 && asked$model == "joint") sapply(muscles, of_one, simplify = FALSE))
}

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
wrong_agreement <- agreement_differs()
if (file.exists("all_groups.csv") && all_groups_differ()) {
  cat("\nR", paste(R.version$major, R.version$minor, sep = "."), "does not arrive at the numbers of all_groups.csv.\n")
  quit(status = 1)
}
if (wrong_permutations || wrong_agreement) {
  cat("\nR", paste(R.version$major, R.version$minor, sep = "."), "does not arrive at",
      paste(c(if (wrong_permutations) "the permutation p values of result.csv", if (wrong_agreement) "the numbers of agreement.csv"),
            collapse = " and "), "\n")
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
