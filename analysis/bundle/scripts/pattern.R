# Sourced by analysis.R: tests all muscles at once, by Kenward and Roger's F of the joint model.

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
