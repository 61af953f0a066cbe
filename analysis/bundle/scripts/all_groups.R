# all_groups.R : tests over all groups of the study, and p of the two groups adjusted over all pairs, computed anew from
# groups.csv and held against all_groups.csv. A part of analysis.R, whose models it takes. It runs last, since it puts
# other groups in the place of the two. Up to MOST grades; where the comparison is adjusted, only the tests of all muscles at
# once, which are not.

is_flat <- function(formula, rows) {  # every split of the variance fits the grades equally well
  control <- lmerControl(check.nobs.vs.nlev = "ignore", check.nobs.vs.nRE = "ignore", check.nobs.vs.rankZ = "ignore")
  deviance <- suppressMessages(suppressWarnings(lme4::lmer(formula, rows, devFunOnly = TRUE, control = control)))
  diff(range(sapply(c(0.1, 1, 10), deviance))) < 1e-7
}
of_groups <- function(muscle) {
  x <- droplevels(grades[grades$muscle == muscle, ])
  x$group <- factor(x$group, levels = levels(grades$group))
  if (!nrow(x) || too_few(x) || !several(x$score)) return(no_test())
  names <- paste0("group", levels(x$group)[-1])
  X <- model.matrix(formula_of("group", nuisance(x)), x)
  if (!all(sapply(names, function(name) is_estimable(X, name)))) return(no_test())
  contrasts <- function(coefficients) outer(names, coefficients, "==") + 0
  least <- function(formula, rows, status) {
    fit <- lm(formula, rows)
    nothing_left <- fit$df.residual < 1 || sum(resid(fit)^2) <= 1e-13 * sum((rows$score - mean(rows$score))^2)
    if (nothing_left) no_test() else tested(contrasts(names(coef(fit))), fit, status)
  }
  if (max(table(x$participant)) == 1) return(least(formula_of("group", nuisance(x)), x, "ok"))
  if (qr(X)$rank >= nrow(x)) return(no_test())
  of_means <- function() least(score ~ group, unbiased(muscle), "boundary")
  if (agree_within(x, x$participant, nuisance(x)) || fits_exactly(X, x)) return(of_means())
  model <- formula_of("group", nuisance(x), "(1 | participant)")
  if (is_flat(model, x)) return(no_test())
  fit <- mixed(model, x)
  if (residual_share(fit) < NOTHING) return(of_means())
  c(beside = is_beside_limit(fit), tested(contrasts(names(fixef(fit))), fit, if (isSingular(fit)) "boundary" else "ok"))
}
all_groups_differ <- function() {
  said <- table_of("all_groups.csv")
  everybody <- table_of("groups.csv")
  everybody$score <- as.numeric(everybody$score)
  if (nrow(everybody) > MOST) {
    cat("\nall_groups.csv: not computed anew from more than", MOST, "grades.\n")
    return(0)
  }
  muscles <- expected$muscle
  two <- c(asked$reference, asked$compared)
  is_adjusted <- length(covariate_names) > 0
  everybody$muscle <- factor(everybody$muscle, levels = muscles)
  people <- tapply(everybody$participant, everybody$group, function(who) length(unique(who)))
  choose <- function(groups) {
    grades <<- everybody[everybody$group %in% groups, ]
    grades$group <<- factor(grades$group, levels = groups)
    modelled <<- grades
  }
  covariate_names <<- NULL
  is_unsplit <<- function(rows) {
    x <- droplevels(modelled[modelled$muscle == rows$muscle[1], ])
    nrow(rows) == 1 && is_flat(formula_of("group", nuisance(x), "(1 | participant)"), x)
  }

  taking_part <- names(people)[people > 1]
  found <- list(pattern = no_test(), any = no_test())
  if (length(taking_part) > 2) {
    choose(taking_part)
    found <- pattern_tests()
    if (!is_adjusted) {
      of_muscles <- if (asked$model == "joint") found$of_muscles else sapply(muscles, of_groups, simplify = FALSE)
      found[muscles] <- lapply(muscles, function(muscle) if (is.null(of_muscles[[muscle]])) no_test() else of_muscles[[muscle]])
    }
  }
  for (test in setdiff(said$test, names(found))) found[[test]] <- no_test()
  adjusted <- function(p) { p[!is.na(p)] <- p.adjust(p[!is.na(p)], "holm"); p }
  holm_of_muscles <- adjusted(sapply(found[muscles], `[[`, "p"))
  if (!is_adjusted) {
    pairs <- if (length(people) > 1) combn(sort(names(people), method = "radix"), 2, simplify = FALSE)
    p <- lapply(pairs, function(pair) {
      choose(pair)
      asked$reference <<- pair[1]
      asked$compared <<- pair[2]
      answers <- if (asked$model == "joint") jointly() else lapply(muscles, of_muscle)
      sapply(answers, function(answer) if (is.null(answer$p)) NA else answer$p)
    })
    p <- matrix(as.numeric(unlist(p)), length(muscles))  # muscles in rows, however few pairs were graded
    this <- which(vapply(pairs, setequal, NA, two))
    over_all <- matrix(adjusted(as.numeric(p)), nrow(p))
    for (place in seq_along(muscles)) {
      test <- muscles[place]
      found[[test]]$p_holm <- holm_of_muscles[[test]]
      found[[test]]$p_over_pairs <- if (length(this)) adjusted(p[place, ])[this] else NA
      found[[test]]$p_over_all <- if (length(this)) over_all[place, this] else NA
    }
  }
  wrong <- 0
  for (row in seq_len(nrow(said))) {
    test <- said$test[row]
    if (is_adjusted && test %in% muscles) next
    numbers <- c("F", "df1", "df2", "scaling", "p", if (test %in% muscles) c("p_holm", "p_over_pairs", "p_over_all"))
    off <- Filter(function(name) differs(name, found[[test]][[name]], as.numeric(said[row, name])), numbers)
    beside <- if (test %in% muscles && asked$model != "joint") found[[test]]$beside else found$beside
    if (found[[test]]$status != said$status[row] && (length(off) || !only_beside(beside, found[[test]]$status, said$status[row])))
      off <- c(off, "status")
    cat(sprintf("\nAll groups, %s: F = %s, p = %s: %s", test, format(found[[test]]$F), format(found[[test]]$p),
                if (length(off)) paste("DIFFERS:", paste(off, collapse = ", ")) else "as all_groups.csv"))
    wrong <- wrong + length(off)
  }
  cat("\n")
  wrong
}
