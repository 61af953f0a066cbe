# Rscript omnibus.R : what R says of cohorts of this folder with a third group, set "all": omnibus.json.
# Every third participant by code, from the first on, is made one of the group ASyS; the others stay IMNM or DM.
# muscles: per muscle score ~ group (+ covariates) (+ reader) (+ side) + (1|participant) against the same without group, by
#   Kenward-Roger F (KRmodcomp), or analysis of variance of least squares where each participant has one grade
# joint: score ~ muscle * group (+ reader) (+ side) + (1|participant) (+ (1|participant:muscle)): pattern (muscle:group),
#   any (all group terms), and of_muscles, each muscle's group terms alone
# pairs: a row per muscle: p of each two groups from their own model, Holm's adjustment over the pairs, and over all of them
suppressMessages({library(lme4); library(pbkrtest); library(jsonlite)})
M <- c("VL", "VM", "VI", "RF", "BFSH", "BFLH", "SM", "ST", "ADD", "GR", "SA")
G <- c("IMNM", "DM", "ASyS")
ctrl <- lmerControl(optimizer = "nloptwrap", optCtrl = list(xtol_abs = 1e-12, xtol_rel = 0, ftol_abs = 1e-14, ftol_rel = 0, maxeval = 5000),
  check.conv.grad = "ignore", check.conv.hess = "ignore", check.conv.singular = "ignore")
quietly <- function(x) suppressMessages(suppressWarnings(x))
formula_of <- function(...) as.formula(paste("score ~", paste(c("1", ...), collapse = " + ")))
nuisance <- function(x) c("reader", "side")[c(nlevels(x$reader), nlevels(x$side)) > 1]
read <- function(name) {
  p <- read.csv(paste0(name, ".participants.csv"))
  p$group[p$participant %in% sort(p$participant, method = "radix")[c(TRUE, FALSE, FALSE)]] <- "ASyS"
  d <- merge(read.csv(paste0(name, ".grades.csv")), p)
  stopifnot(!any(duplicated(d[c("mri", "reader", "muscle", "side")])))
  d <- d[!is.na(d$score), ]
  for (column in intersect(c("reader", "side", "sex"), names(d))) d[[column]] <- factor(d[[column]])
  d$group <- factor(d$group, levels = G); d$muscle <- factor(d$muscle, levels = M)
  d
}
f_test <- function(full, small) {
  k <- KRmodcomp(full, small)$test["Ftest", ]
  list(F = k$stat, df1 = k$ndf, df2 = k$ddf, scaling = k$F.scaling, p = k$p.value)
}
of_muscle <- function(x, adjust = NULL) {
  x <- droplevels(x[complete.cases(x[c("score", adjust)]), ])
  if (max(table(x$participant)) == 1) {
    a <- anova(lm(formula_of(adjust, nuisance(x)), x), lm(formula_of("group", adjust, nuisance(x)), x))[2, ]
    return(list(F = a$F, df1 = a$Df, df2 = a$Res.Df, scaling = 1, p = a[["Pr(>F)"]]))
  }
  fit <- function(term) quietly(lmer(formula_of(term, adjust, nuisance(x), "(1 | participant)"), x, control = ctrl))
  f_test(fit("group"), fit(NULL))
}
jointly <- function(d) {
  cells <- if (max(table(d$participant, d$muscle)) > 1) "(1 | participant:muscle)"
  fit <- function(terms) quietly(lmer(formula_of(terms, nuisance(d), "(1 | participant)", cells), d, control = ctrl))
  full <- fit("muscle * group")
  of_one <- function(m) f_test(full, outer(1:2, seq_along(fixef(full)), Vectorize(function(g, column) {
    names <- c(paste0("group", G[g + 1]), if (m != M[1]) paste0("muscle", m, ":group", G[g + 1]))
    as.numeric(names(fixef(full))[column] %in% names)
  })))
  list(pattern = f_test(full, fit("muscle + group")), any = f_test(full, fit("muscle")), of_muscles = lapply(M, of_one))
}
pairs <- function(d) {
  two <- combn(G, 2, simplify = FALSE)
  p <- sapply(two, function(pair) sapply(M, function(m) of_muscle(d[d$muscle == m & d$group %in% pair, ])$p))
  list(pairs = two, p = p, over_pairs = t(apply(p, 1, p.adjust, "holm")), over_all = matrix(p.adjust(p, "holm"), nrow(p)))
}
answer <- function(name, adjust = NULL) {
  d <- read(name)
  tests <- lapply(M, function(m) of_muscle(d[d$muscle == m, ], adjust))
  list(name = name, adjust = I(as.character(adjust)), muscles = tests, p_holm = p.adjust(sapply(tests, `[[`, "p"), "holm"),
       joint = if (is.null(adjust)) jointly(d), pairs = if (is.null(adjust)) pairs(d))
}
found <- list(answer("missing-cells"), answer("missing-reader"), answer("sides"), answer("one-reader"), answer("covariates-missing", c("age_years", "sex")))
write(toJSON(list(R = R.version.string, lme4 = as.character(packageVersion("lme4")), pbkrtest = as.character(packageVersion("pbkrtest")),
  cohorts = found), digits = NA, auto_unbox = TRUE, null = "null", pretty = 1), "omnibus.json")
