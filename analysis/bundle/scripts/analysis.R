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

least_squares <- function(status, formula, rows) {
  fit <- lm(formula, rows)
  nothing_left <- fit$df.residual < 1 || sum(resid(fit)^2) <= 1e-13 * sum((rows$score - mean(rows$score))^2)
  if (nothing_left) return(refused())
  row <- suppressWarnings(summary(fit))$coefficients[paste0("group", asked$compared), ]
  answer(status, "linear_model", row[["Estimate"]], row[["Std. Error"]], fit$df.residual)
}
on_means <- function(x) least_squares("boundary", score ~ group, aggregate(score ~ participant + group, x, mean))
on_grades <- function(x) least_squares("ok", formula_of("group", adjusted_for(x)), x)

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
is_separable <- function(x) {
  nuisance <- model.matrix(formula_of("1", adjusted_for(x)), x)
  qr(cbind(nuisance, as.numeric(x$group == asked$compared)))$rank > qr(nuisance)$rank
}
never_differs <- function(formula, rows) {  # within participants, or at all
  fit <- lm(formula, rows)
  fit$df.residual > 0 && sum(resid(fit)^2) < NOTHING * sum((rows$score - mean(rows$score))^2)
}
residual_share <- function(fit) { v <- as.data.frame(VarCorr(fit))$vcov; v[length(v)] / sum(v) }

# Models

of_muscle <- function(muscle) {
  x <- droplevels(grades[grades$muscle == muscle, ])
  x$group <- factor(x$group, levels = levels(grades$group))
  if (!nrow(x) || too_few(x) || !several(x$score) || !is_separable(x)) return(refused())
  if (max(table(x$participant)) == 1) return(on_grades(x))
  if (never_differs(formula_of("participant", adjusted_for(x)), x)) return(on_means(x))
  if (never_differs(formula_of("group", adjusted_for(x)), x)) return(on_means(x))
  # Too few repeated grades to split the variance: no optimiser can tell, so the site's word is taken for the method.
  if (expected$method[expected$muscle == muscle] == "linear_model") return(on_grades(x))
  fit <- mixed(formula_of("group", adjusted_for(x), "(1 | participant)"), x)
  if (residual_share(fit) < NOTHING) return(on_means(x))
  tests_of(fit)(paste0("group", asked$compared))
}

jointly <- function() {
  x <- droplevels(grades)
  muscles <- as.character(expected$muscle)
  cell <- paste(x$participant, x$muscle)
  effects <- c("(1 | participant)", if (max(table(cell)) > 1) "(1 | participant:muscle)")
  fit <- mixed(formula_of("0 + muscle", "muscle:group", adjusted_for(x), effects), x)
  if (residual_share(fit) < NOTHING) return(lapply(muscles, function(m) on_means(grades[grades$muscle == m, ])))
  test <- tests_of(fit)
  lapply(muscles, function(muscle) {
    name <- paste0("muscle", muscle, ":group", asked$compared)
    if (too_few(grades[grades$muscle == muscle, ]) || !(name %in% names(fixef(fit)))) refused() else test(name)
  })
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
