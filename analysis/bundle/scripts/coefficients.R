# Sourced by agreement.R: coefficients of agreement, of units in rows and raters in columns.

pairs_of <- function(k) if (k < 2) list() else combn(k, 2, simplify = FALSE)
tables_of <- function(x) lapply(pairs_of(ncol(x)), function(pair)
  unclass(table(factor(x[, pair[1]], 0:3), factor(x[, pair[2]], 0:3))))
expected_by_chance <- function(counts, weights) sum(outer(rowSums(counts), colSums(counts)) * weights)
mean_kappa <- function(tables, weights) {
  each <- sapply(tables, function(counts)
    1 - share_of(sum(counts * weights) * sum(counts), expected_by_chance(counts, weights)))
  if (all(is.na(each))) NA else mean(each, na.rm = TRUE)
}
generalised_kappa <- function(tables, weights) {
  tables <- Filter(sum, tables)
  if (!length(tables)) return(NA)
  observed <- sum(sapply(tables, function(counts) sum(counts * weights) / sum(counts)))
  1 - share_of(observed, sum(sapply(tables, function(counts) expected_by_chance(counts, weights) / sum(counts)^2)))
}
pairs_within <- function(counts, per_unit) crossprod(counts * per_unit, counts) - diag(colSums(counts * per_unit))
alpha_ordinal <- function(counts) {
  counts <- counts[rowSums(counts) >= 2, , drop = FALSE]
  coincidences <- pairs_within(counts, 1 / (rowSums(counts) - 1))
  marginal <- rowSums(coincidences)
  apart <- outer(cumsum(marginal) - marginal / 2, cumsum(marginal) - marginal / 2, "-")^2
  1 - share_of((sum(marginal) - 1) * sum(coincidences * apart), sum(outer(marginal, marginal) * apart))
}
ac2 <- function(counts) {
  counts <- counts[rowSums(counts) >= 1, , drop = FALSE]
  m <- rowSums(counts)
  several <- counts[m >= 2, , drop = FALSE]
  shares <- pairs_within(several, 1 / (m[m >= 2] * (m[m >= 2] - 1)))
  weights <- 1 - STEPS^2 / 9
  pi <- colMeans(counts / m)
  chance <- sum(weights) * sum(pi * (1 - pi)) / 12
  (sum(shares * weights) / sum(shares) - chance) / (1 - chance)
}
intraclass <- function(x) {  # value and interval of ICC(2,1) and ICC(3,1): Shrout and Fleiss, McGraw and Wong
  x <- x[complete.cases(x), , drop = FALSE]
  n <- nrow(x); k <- ncol(x)
  nothing <- list(icc_2_1 = rep(NA, 3), icc_3_1 = rep(NA, 3))
  if (n < 2 || k < 2) return(nothing)
  total <- sum(x)^2
  squares <- c(n * sum(rowSums(x)^2), k * sum(colSums(x)^2)) - total
  rest <- n * k * sum(x^2) - total - sum(squares)
  if (squares[1] + rest == 0) return(nothing)
  B <- squares[1] / (n * k * (n - 1)); J <- squares[2] / (n * k * (k - 1)); E <- rest / (n * k * (n - 1) * (k - 1))
  ends <- function(low, high) if (is.finite(low) && is.finite(high)) c(low, high) else c(NA, NA)
  F <- function(df1, df2) if (is.na(df1) || is.na(df2)) NA else suppressWarnings(qf(0.975, df1, df2))
  of <- function(signal, noise) (signal - noise) / (signal + (k - 1) * noise)
  df <- (n - 1) * (k - 1)
  consistency <- c(of(B, E), ends(of(B, F(n - 1, df) * E), of(F(df, n - 1) * B, E)))
  spread <- B + (k - 1) * E + k * (J - E) / n
  if (spread == 0) return(list(icc_2_1 = rep(NA, 3), icc_3_1 = consistency))
  icc <- (B - E) / spread
  if (J == 0 && E == 0) return(list(icc_2_1 = rep(icc, 3), icc_3_1 = consistency))
  a <- k * icc * J
  b <- (n * (1 - icc) + k * icc * (n - 1)) * E
  v <- share_of((a + b)^2, a^2 / (k - 1) + b^2 / df)
  lower <- F(n - 1, v); upper <- F(v, n - 1)
  noise <- k * J + (k * n - k - n) * E
  list(icc_2_1 = c(icc, ends(n * (B - lower * E) / (lower * noise + n * B), n * (upper * B - E) / (noise + n * upper * B))),
       icc_3_1 = consistency)
}
coefficients_of <- function(x) {
  units <- sum(rowSums(!is.na(x)) >= 2)
  names <- c("exact", "within_one", "kappa_linear", "kappa_quadratic", "alpha_ordinal", "ac2", "icc_2_1", "icc_3_1")
  if (!units) return(sapply(names, function(name) number(0), simplify = FALSE))
  tables <- tables_of(x)
  pooled <- Reduce(`+`, tables)
  counts <- matrix(sapply(0:3, function(score) rowSums(x == score, na.rm = TRUE)), ncol = 4)
  icc <- intraclass(x)
  values <- list(sum(diag(pooled)) / sum(pooled), sum(pooled[STEPS <= 1]) / sum(pooled), mean_kappa(tables, STEPS),
                 mean_kappa(tables, STEPS^2), alpha_ordinal(counts), ac2(counts), icc$icc_2_1, icc$icc_3_1)
  setNames(lapply(values, function(value) do.call(number, as.list(c(units, value)))), names)
}
