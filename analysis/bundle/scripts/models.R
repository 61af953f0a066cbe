# Sourced by analysis.R: the models of one muscle and of all, and when they cannot be had.

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
  fitting <- if (asked$df_method == "satterthwaite") lmerTest::lmer else lme4::lmer  # what lmerTest adds takes a third
  suppressMessages(suppressWarnings(fitting(formula, rows, control = control)))
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
