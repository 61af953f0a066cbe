# Rscript analysis.R : computes the comparison anew from analysed.csv and holds it against result.csv.
#
# For each muscle: score ~ group + reader + side + (1 | participant), by restricted maximum likelihood (lme4); reader and
# side only where the muscle's rows have more than one level of them. Joint model, where result.csv says so:
# score ~ 0 + muscle + muscle:group + reader + side + (1 | participant) + (1 | participant:muscle).
# Kenward-Roger (pbkrtest) or Satterthwaite (lmerTest). Permutation p values are not computed anew.
#
# Exit code 0: every number agrees to 1e-4 (relative). 1: something differs; the table says what.
# Debian or Ubuntu: apt-get install r-base-core r-cran-lme4 r-cran-lmertest r-cran-pbkrtest
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest)})

TOLERANCE <- 1e-4
NEAR_ZERO <- c(p = 1e-12, p_holm = 1e-12)  # absolute; 1e-8 for everything else
NOTHING <- 1e-9                            # share of the squares that is nothing but rounding
TEXT <- c("set", "model", "df_method", "reference", "compared", "muscle", "status", "method")

table_of <- function(name) read.csv(name, colClasses = "character", na.strings = character(), encoding = "UTF-8")
grades <- table_of("analysed.csv")
grades$score <- as.numeric(grades$score)
expected <- table_of("result.csv")
for (column in setdiff(names(expected), TEXT)) expected[[column]] <- as.numeric(expected[[column]])

asked <- expected[1, ]
grades <- grades[grades$group %in% c(asked$reference, asked$compared) & !is.na(grades$score), ]
grades$group <- factor(grades$group, levels = c(asked$reference, asked$compared))
grades$muscle <- factor(grades$muscle, levels = expected$muscle)

# Formulas

several <- function(x) length(unique(x)) > 1
adjusted_for <- function(x) c("reader", "side")[c(several(x$reader), several(x$side))]
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

least_squares <- function(status, formula, rows, name = paste0("group", asked$compared)) {
  fit <- lm(formula, rows)
  nothing_left <- fit$df.residual < 1 || sum(resid(fit)^2) <= 1e-13 * sum((rows$score - mean(rows$score))^2)
  if (nothing_left) return(refused())
  row <- suppressWarnings(summary(fit))$coefficients[name, ]
  answer(status, "linear_model", row[["Estimate"]], row[["Std. Error"]], fit$df.residual)
}
on_means <- function(x) least_squares("boundary", score ~ group, aggregate(score ~ participant + group, x, mean))

mixed <- function(formula, rows) {  # to a tight tolerance: lme4's own is good to four digits only
  tight <- list(xtol_abs = 1e-12, xtol_rel = 0, ftol_abs = 1e-14, ftol_rel = 0, maxeval = 5000)
  control <- lmerControl(optimizer = "nloptwrap", optCtrl = tight, check.conv.grad = "ignore",
    check.conv.hess = "ignore", check.conv.singular = "ignore", check.nobs.vs.nlev = "ignore")
  suppressMessages(suppressWarnings(lmerTest::lmer(formula, rows, control = control)))
}
tests_of <- function(fit) {  # name of a coefficient -> its answer
  status <- if (isSingular(fit)) "boundary" else "ok"
  if (asked$df_method == "satterthwaite") {
    rows <- summary(fit)$coefficients
    return(function(name) answer(status, "satterthwaite", rows[name, "Estimate"], rows[name, "Std. Error"], rows[name, "df"]))
  }
  adjusted <- vcovAdj(fit)
  function(name) {
    L <- as.numeric(names(fixef(fit)) == name)
    answer(status, "kenward_roger", fixef(fit)[[name]], sqrt(sum(L * as.numeric(as.matrix(adjusted) %*% L))),
           Lb_ddf(L, vcov(fit), adjusted))
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

of_muscle <- function(muscle) {
  x <- droplevels(grades[grades$muscle == muscle, ])
  x$group <- factor(x$group, levels = levels(grades$group))
  name <- paste0("group", asked$compared)
  if (!nrow(x) || too_few(x) || !several(x$score)) return(refused())
  fixed <- formula_of("group", adjusted_for(x))
  X <- model.matrix(fixed, x)
  if (!is_estimable(X, name)) return(refused())
  if (max(table(x$participant)) == 1) return(least_squares("ok", fixed, x))
  if (qr(X)$rank >= nrow(x)) return(refused())
  if (agree_within(x, x$participant, adjusted_for(x)) || fits_exactly(X, x)) return(on_means(x))
  if (is_unsplit(expected[expected$muscle == muscle, ])) return(least_squares("ok", fixed, x))
  fit <- mixed(formula_of("group", adjusted_for(x), "(1 | participant)"), x)
  if (residual_share(fit) < NOTHING) on_means(x) else tests_of(fit)(name)
}

jointly <- function() {
  x <- droplevels(grades)
  x$group <- factor(x$group, levels = levels(grades$group))
  answerable <- Filter(function(muscle) !too_few(grades[grades$muscle == muscle, ]), expected$muscle)
  each <- function(ask) lapply(expected$muscle, function(muscle) if (muscle %in% answerable) ask(muscle) else refused())
  if (!length(answerable) || !any(tapply(x$score, x$muscle, several))) return(each(function(muscle) refused()))
  is_alone <- nlevels(x$muscle) == 1  # then R knows no factor of it
  name_of <- function(muscle) paste0(if (!is_alone) paste0("muscle", muscle, ":"), "group", asked$compared)
  terms <- c(if (is_alone) "group" else c("0 + muscle", "muscle:group"), adjusted_for(x))
  X <- model.matrix(formula_of(terms), x)
  answerable <- Filter(function(muscle) is_estimable(X, name_of(muscle)), answerable)
  cell <- paste(as.integer(factor(x$participant)), x$muscle)
  has_cells <- max(table(cell)) > 1 && max(tapply(x$muscle, x$participant, function(m) length(unique(m)))) > 1
  effects <- c(if (max(table(x$participant)) > 1) "(1 | participant)", if (has_cells) "(1 | participant:muscle)")
  least <- function(muscle) least_squares("ok", formula_of(terms), x, name_of(muscle))
  means <- function(muscle) on_means(grades[grades$muscle == muscle, ])
  if (is.null(effects) || is_unsplit(expected)) return(each(least))
  if (qr(X)$rank >= nrow(x)) return(each(function(muscle) refused()))
  within <- c(if (!has_cells && !is_alone) "muscle", adjusted_for(x))
  if (agree_within(x, if (has_cells) cell else x$participant, within) || fits_exactly(X, x)) return(each(means))
  fit <- mixed(formula_of(terms, effects), x)
  if (residual_share(fit) < NOTHING) return(each(means))
  test <- tests_of(fit)
  each(function(muscle) test(name_of(muscle)))
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
held_against <- function(muscle) {
  row <- expected[expected$muscle == muscle, ]
  found <- c(answers[[muscle]], list(p_holm = holm[[muscle]]))
  for (group in c("reference", "compared")) {
    seen <- described(muscle, asked[[group]])
    found[paste(group, names(seen), sep = "_")] <- seen
  }
  numbers <- setdiff(names(expected), c(TEXT, "p_permutation", "p_permutation_max_t"))
  wrong <- numbers[sapply(numbers, function(name) differs(name, found[[name]], row[[name]]))]
  method <- if (is.null(found$method)) "" else found$method
  c(wrong, if (found$status != row$status) "status", if (method != row$method) "method")
}
wrong <- lapply(expected$muscle, held_against)

shown <- function(name, digits) sapply(answers, function(found)
  if (is.null(found[[name]])) "-" else formatC(found[[name]], digits = digits, format = "g"))
print(data.frame(status = sapply(answers, `[[`, "status"), estimate = shown("estimate", 6), se = shown("se", 6),
  df = shown("df", 5), p = shown("p", 3), holm = ifelse(is.na(holm), "-", formatC(holm, digits = 3, format = "g")),
  result.csv = sapply(wrong, function(names) if (length(names)) paste("DIFFERS:", paste(names, collapse = ", ")) else "agrees"),
  row.names = expected$muscle, check.names = FALSE))
if (sum(lengths(wrong))) {
  cat("\nR", paste(R.version$major, R.version$minor, sep = "."), "does not arrive at the numbers of result.csv.\n")
  quit(status = 1)
}
cat("\nR arrives at every number of result.csv, to", TOLERANCE, "relative.\n")
